import { canonicalModule, languageActions } from '../playbook/module-names.ts'
import { addHost } from './add-host.ts'
import { assertModule } from './assert.ts'
import { asyncStatus } from './async-status.ts'
import { assemble } from './assemble.ts'
import { packageModule } from './package.ts'
import { reboot } from './reboot.ts'
import { service } from './service.ts'
import { unarchive } from './unarchive.ts'
import { uri } from './uri.ts'
import { waitForConnection } from './wait-for-connection.ts'
import { command, shell } from './command.ts'
import { copy } from './copy.ts'
import { debug } from './debug.ts'
import { fail } from './fail.ts'
import { fetch } from './fetch.ts'
import { file } from './file.ts'
import { groupBy } from './group-by.ts'
import { includeVars } from './include-vars.ts'
import type { ModuleDefinition } from './module.ts'
import { pause } from './pause.ts'
import { ping, setup, slurp, stat, waitFor, gatherFacts } from './plain-operations.ts'
import { raw } from './raw.ts'
import { script } from './script.ts'
import { setFact } from './set-fact.ts'
import { setStats } from './set-stats.ts'
import { synchronize } from './synchronize.ts'
import { template } from './template.ts'
import { validateArgumentSpec } from './validate-argument-spec.ts'

/** Every module that errand has of its own. */
const modules: readonly ModuleDefinition[] = [
  addHost,
  assemble,
  assertModule,
  asyncStatus,
  command,
  copy,
  debug,
  fail,
  fetch,
  file,
  gatherFacts,
  groupBy,
  includeVars,
  packageModule,
  pause,
  ping,
  raw,
  reboot,
  script,
  setFact,
  setStats,
  service,
  setup,
  shell,
  slurp,
  stat,
  synchronize,
  template,
  unarchive,
  uri,
  validateArgumentSpec,
  waitFor,
  waitForConnection,
]

const byName: ReadonlyMap<string, ModuleDefinition> = new Map(modules.map((one) => [one.name, one]))

/** The module that a task names, short or in full. */
export function findModule(name: string): ModuleDefinition | undefined {
  return byName.get(plainName(name))
}

/** The one name of a module: without `ansible.builtin.` or `ansible.legacy.` in front. */
export function plainName(name: string): string {
  return canonicalModule(name)
}

/** Whether a task may name it: a module, or an action of the language itself. */
export function isKnownModule(name: string): boolean {
  const plain = plainName(name)
  return byName.has(plain) || languageActions.has(plain)
}

/** Every name that a task may use, for a hint. */
export function moduleNames(): readonly string[] {
  return [...byName.keys(), ...languageActions]
}
