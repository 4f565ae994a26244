// Inventory plugins that need nothing but ansible-core: files that name one with `plugin:` and give its options.
import { ErrandError } from '../../../proto/errors.ts'
import { isMap, type ValueMap } from '../../../proto/value.ts'
import { toText, type Templates } from '../../template/templates.ts'
import type { InventoryBuilder } from '../inventory-builder.ts'
import { construct } from './constructed.ts'
import { generate } from './generator.ts'

/** What a plugin works with. */
export interface PluginTools {
  /** What the sources before have told; the plugin adds to it. */
  readonly builder: InventoryBuilder
  /** Without lookups. */
  readonly templates: Templates
  readonly extraVars: () => ValueMap
  /** Cached facts of a host; undefined when there are none. */
  readonly factsOf: (host: string) => ValueMap | undefined
  /** What `group_vars` or `host_vars` beside the sources before say of one group or host. */
  readonly varsBeside: (kind: 'group' | 'host', name: string) => ValueMap
}

const plugins: Readonly<Record<string, (options: ValueMap, tools: PluginTools) => void>> = {
  constructed: construct,
  generator: generate,
}

/** The short name of a plugin of ansible-core. */
export function shortName(name: string): string {
  return name.replace(/^ansible\.(?:builtin|legacy)\./u, '')
}

/**
 * Lets the plugin that `config` names work. What it did before it failed stays, as with Ansible.
 *
 * @throws {ErrandError} `invalid` with its words.
 */
export function readPlugin(config: ValueMap, path: string, tools: PluginTools): void {
  const name = config.get('plugin')
  const plugin = typeof name === 'string' ? plugins[shortName(name)] : undefined
  if (plugin) return plugin(config, tools)
  throw new ErrandError(
    'invalid',
    `inventory config '${path}' specifies unknown plugin '${toText(name ?? null)}'; errand has constructed and generator`,
  )
}

/** Whether a document is options for a plugin. */
export function namesPlugin(value: unknown): value is ValueMap {
  const name = isMap(value) ? value.get('plugin') : undefined
  return name !== undefined && name !== null && name !== '' && !isMap(name)
}
