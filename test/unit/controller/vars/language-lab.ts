import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { newMap } from '../../../../proto/value.ts'
import type { Value, ValueMap } from '../../../../proto/value.ts'
import { loadInventory } from '../../../../controller/inventory/load-inventory.ts'
import type { Inventory } from '../../../../controller/inventory/inventory.ts'
import { nearest } from '../../../../controller/playbook/nearest.ts'
import { PlaybookLoader } from '../../../../controller/playbook/playbook-loader.ts'
import type { Play, Task, TaskNode } from '../../../../controller/playbook/playbook.ts'
import { Undefined } from '../../../../controller/template/scope.ts'
import { Templates } from '../../../../controller/template/templates.ts'
import type { HostState, RunFacts } from '../../../../controller/vars/host-vars.ts'
import { templateVars } from '../../../../controller/vars/template-vars.ts'
import { noPlugins } from '../../../../controller/template/plugin-port.ts'
import { Lookups, isLookup } from '../../../../controller/vars/lookups/lookups.ts'
import { Variables } from '../../../../controller/vars/variables.ts'
import type { VariablesState } from '../../../../controller/vars/variables.ts'
import { SourceFiles } from '../../../../controller/yaml/source-files.ts'
import type { Vault } from '../../../../controller/yaml/vault.ts'

/** Modules that the tests' playbooks may name. */
export const someModules: readonly string[] = [
  'command',
  'shell',
  'debug',
  'copy',
  'set_fact',
  'assert',
  'async_status',
  'template',
  'ansible.builtin.command',
  'ansible.builtin.debug',
  'validate_argument_spec',
]

/** Writes files below a new folder that goes when the test ends. */
export function writeTree(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'errand-language-'))
  t.after(() => {
    rmSync(root, { recursive: true })
  })
  for (const [name, text] of Object.entries(files)) {
    const path = join(root, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  return root
}

/** A loader of playbooks that knows {@link someModules}. */
export function loaderFor(
  files = new SourceFiles(),
  options: {
    readonly rolesPath?: readonly string[]
    readonly collectionsPath?: readonly string[]
    readonly modules?: readonly string[]
  } = {},
): PlaybookLoader {
  const modules = [...someModules, ...(options.modules ?? [])]
  return new PlaybookLoader({
    files,
    rolesPath: options.rolesPath ?? [],
    collectionsPath: options.collectionsPath ?? [],
    knownModules: (name) => modules.includes(name),
    nearestModule: (name) => nearest(name, modules),
    warn: () => undefined,
    knownLookups: isLookup,
    renderStatic: (template) => template,
  })
}

export interface LabParts {
  readonly files: SourceFiles
  readonly inventory: Inventory
  readonly cwd: string
  readonly environment?: Readonly<Record<string, string>>
}

/** An evaluator with all lookups. */
export function templatesFor(parts: LabParts): Templates {
  return makeEvaluator(parts).templates
}

/** An evaluator and its lookups. */
export function makeEvaluator(parts: LabParts): {
  readonly templates: Templates
  readonly lookups: Lookups
} {
  const { files, inventory, cwd, environment = {} } = parts
  const lookups = new Lookups({
    files,
    inventory: () => inventory,
    environment,
    cwd,
    templates: () => templates,
    templateVars: (file) => templateVars({ ...file, managed: 'Ansible managed', nowMs: 0 }),
    plugins: noPlugins,
    warn: () => undefined,
  })
  const templates: Templates = new Templates({ lookups })
  return { templates, lookups }
}

/** A run's state in which hosts have learnt `known`. */
export function stateOf(
  inventory: Inventory,
  playbookDir: string,
  known: Readonly<Record<string, HostState>> = {},
): VariablesState {
  const facts: RunFacts = {
    checkMode: false,
    diffMode: false,
    forks: 5,
    verbosity: 0,
    limit: undefined,
    runTags: [],
    skipTags: [],
    configFile: undefined,
    playbookDir,
    playHosts: [...inventory.hosts.keys()],
    playBatch: [...inventory.hosts.keys()],
    playHostsAll: [...inventory.hosts.keys()],
  }
  return {
    inventory: () => inventory,
    host: (name) =>
      known[name] ?? {
        facts: newMap(),
        hasGathered: false,
        set: newMap(),
        included: newMap(),
      },
    facts: () => facts,
  }
}

/** A playbook, its inventory and the variables of its hosts, all from a tree of files. */
export interface Lab {
  readonly root: string
  readonly files: SourceFiles
  readonly inventory: Inventory
  readonly plays: readonly Play[]
  readonly templates: Templates
  readonly lookups: Lookups
  readonly variables: Variables
  /** The task of this name, wherever it stands. */
  task(name: string): Task
  /** What an expression comes to for `host`, in the task of this name. */
  value(expression: string, where: { readonly host: string; readonly task?: string }): Value
}

/** Sets a {@link Lab} up: `site.yml` and the inventory `hosts` are among the files. */
export async function makeLab(
  t: TestContext,
  tree: Readonly<Record<string, string>>,
  options: {
    readonly extraVars?: ValueMap
    readonly known?: Readonly<Record<string, HostState>>
    readonly hashBehaviour?: 'replace' | 'merge'
    readonly environment?: Readonly<Record<string, string>>
    readonly vault?: Vault
    readonly inventory?: string
  } = {},
): Promise<Lab> {
  const root = writeTree(t, tree)
  const files = new SourceFiles(options.vault ? { vault: options.vault } : {})
  const signal = new AbortController().signal
  const inventory = await loadInventory([options.inventory ?? 'hosts'], {
    files,
    cwd: root,
    environment: {},
    signal,
  })
  const environment = options.environment ?? {}
  const evaluator = makeEvaluator({ files, inventory, cwd: root, environment })
  const { plays } = loaderFor(files).loadPlaybook(join(root, 'site.yml'))
  const variables = new Variables({
    files,
    templates: evaluator.templates,
    extraVars: options.extraVars ?? newMap(),
    hashBehaviour: options.hashBehaviour ?? 'replace',
    state: stateOf(inventory, root, options.known),
  })
  const all = plays.flatMap(tasksOf)
  const task = (name: string): Task => {
    const found = all.find((one) => one.name === name)
    if (!found) throw new Error(`there is no task "${name}"`)
    return found
  }
  const value: Lab['value'] = (expression, where) => {
    const [play] = plays
    if (!play) throw new Error('there is no play')
    const found = where.task === undefined ? undefined : task(where.task)
    const scope = variables.scope({ host: where.host, play, task: found })
    const result = evaluator.templates.evaluate(expression, scope)
    return result instanceof Undefined ? `undefined: ${result.hint}` : result
  }
  return { root, files, inventory, plays, ...evaluator, variables, task, value }
}

/** Every task of a play, those of its roles included, in the order they run. */
export function tasksOf(play: Play): readonly Task[] {
  return [
    ...play.preTasks,
    ...play.roles,
    ...play.tasks,
    ...play.postTasks,
    ...play.handlers,
  ].flatMap(tasksIn)
}

function tasksIn(node: TaskNode): readonly Task[] {
  if (node.kind === 'task') return [node]
  if (node.kind === 'block') return [...node.block, ...node.rescue, ...node.always].flatMap(tasksIn)
  return [...node.dependencies, ...node.tasks, ...node.handlers].flatMap(tasksIn)
}
