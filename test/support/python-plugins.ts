import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { pino } from 'pino'
import type { Value } from '../../proto/value.ts'
import { findAnsibleCore } from '../../controller/packer/ansible-core.ts'
import { AnsibleCores } from '../../controller/packer/ansible-cores.ts'
import { Plugins } from '../../controller/plugins/plugins.ts'
import type { RunPlugins } from '../../controller/run/ports.ts'
import { type Scope, Undefined } from '../../controller/template/scope.ts'
import { Templates } from '../../controller/template/templates.ts'

/** Where the plugins of the tests lie. */
export const pluginFixtures = join(import.meta.dirname, '../fixtures/plugins')

const path = process.env['PATH'] ?? ''

/** Why tests that need ansible-core are left out; false when they are not. */
export async function coreSkipReason(): Promise<string | false> {
  const core = await findAnsibleCore(path, { signal: new AbortController().signal })
  return core ? false : 'no ansible-core is installed here'
}

export interface PluginLab {
  readonly plugins: RunPlugins
  readonly warnings: readonly string[]
  /** What a text of a playbook comes to. */
  readonly render: (text: string, variables?: Readonly<Record<string, Value>>) => Value
}

/** An evaluator with the plugins of `folders` below the fixtures, as a run has it. */
export async function pluginLab(
  t: TestContext,
  folders: readonly string[],
  options: { readonly hasCore?: boolean; readonly limitMs?: number; readonly PATH?: string } = {},
): Promise<PluginLab> {
  const { hasCore = false, limitMs = 60_000, PATH = path } = options
  const cores = hasCore ? new AnsibleCores() : new AnsibleCores(() => Promise.resolve(undefined))
  const log = pino({ level: process.env['ERRAND_TEST_LOG'] ?? 'silent' })
  const warnings: string[] = []
  const places = {
    configured: { filter: [], test: [], lookup: [] },
    collections: [join(pluginFixtures, 'collections')],
    environment: { PATH, HOME: process.env['HOME'] ?? '/', GREETING: 'hello' },
    cwd: pluginFixtures,
    vaultPasswords: [],
    onWarning: (text: string) => {
      warnings.push(text)
    },
  }
  const signal = new AbortController().signal
  const plugins = await new Plugins({ cores, limitMs, log }).open(places, { signal })
  t.after(() => {
    plugins[Symbol.dispose]()
  })
  for (const folder of folders) plugins.addFolder(join(pluginFixtures, folder))
  const lookups = {
    lookup: plugins.lookup.bind(plugins),
  }
  const templates = new Templates({ lookups, plugins, isNative: true })
  const render = (text: string, variables: Readonly<Record<string, Value>> = {}) =>
    templates.render(text, scopeOf(variables))
  return { plugins, warnings, render }
}

function scopeOf(variables: Readonly<Record<string, Value>>): Scope {
  const all = new Map(Object.entries(variables))
  return {
    resolve: (name) => {
      if (name === 'vars') return all
      return all.get(name) ?? new Undefined(`'${name}' is undefined`)
    },
  }
}
