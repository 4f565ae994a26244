const line = /^( *)(['"]?)([\w.-]+)\2:(?:\s+(['"]?)([\w.-]+)\4)?\s*(?:#.*)?$/u

/**
 * Modules, or plugins of another kind, that go by another name, and that name in full, as a file with `plugin_routing`
 * says (that of ansible-core, or a collection's `meta/runtime.yml`). Only what it nests by indentation is read: a reader
 * of all of YAML takes a second for the 9,700 lines of ansible-core's.
 */
export function moduleRoutes(
  text: string,
  wanted: 'modules' | 'filter' | 'test' | 'lookup' = 'modules',
): ReadonlyMap<string, string> {
  const routes = new Map<string, string>()
  const above: { readonly indent: number; readonly key: string }[] = []
  for (const written of text.split('\n')) {
    const [, space = '', , key, , value] = line.exec(written) ?? []
    if (key === undefined) continue
    while ((above.at(-1)?.indent ?? -1) >= space.length) above.pop()
    above.push({ indent: space.length, key })
    const [top, kind, module, what] = above.map((one) => one.key)
    const isRoute = top === 'plugin_routing' && kind === wanted && what === 'redirect'
    if (isRoute && module !== undefined && value !== undefined) routes.set(module, value)
  }
  return routes
}
