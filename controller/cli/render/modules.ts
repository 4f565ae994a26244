/** Whether a module as written in a play is one of the built-in `names`, in its short form or a full one. */
export function isModule(module: string, ...names: readonly string[]): boolean {
  return names.includes(module.replace(/^ansible\.(?:builtin|legacy)\./u, ''))
}
