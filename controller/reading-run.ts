import { ErrandError } from '../proto/errors.ts'
import type { RunRequest } from '../proto/run.ts'
import type { ModulesPort, PluginsPort } from './run/ports.ts'
import { RunContext } from './run/run-context.ts'
import { noPlugins } from './template/plugin-port.ts'
import type { World } from './run/world.ts'

/** What reading the user's files asks of the world: nothing is run, so nothing is recorded. */
export type ReadingWorld = Omit<World, 'record' | 'answers' | 'runId'>

/** The same where neither modules nor plugins of others are of use. */
export type ListingWorld = Omit<ReadingWorld, 'modules' | 'plugins'>

/** The context of a run that only reads its files. */
export function readingContext(request: RunRequest, world: ReadingWorld): RunContext {
  const record = { append: () => Promise.resolve(), keep: () => Promise.resolve() }
  const answers = {
    open: () => {
      throw new ErrandError('internal', 'nothing is asked of who only reads')
    },
  }
  return new RunContext(request, { ...world, record, answers, runId: '' })
}

/** What an inventory is read by: the fields of a request that name it, and its pattern where there is one. */
type InventoryNamed = Pick<RunRequest, 'cwd' | 'environment' | 'inventories'> &
  Partial<RunRequest> & { readonly pattern?: string }

/** The context of a run of one module of our own, whose inventory is all that is wanted of it. */
export function inventoryContext(
  { pattern = 'all', ...named }: InventoryNamed,
  world: ListingWorld,
): RunContext {
  const request: RunRequest = {
    extraVars: [],
    forks: 1,
    connection: { become: false, acceptNewHostKeys: false },
    vaultPasswords: [],
    ...named,
    kind: 'adhoc',
    title: '',
    playbooks: [],
    adhoc: { pattern, module: 'ping', args: '', asyncSeconds: 0, pollSeconds: 0, oneLine: false },
    tags: [],
    skipTags: [],
    check: false,
    diff: false,
    verbosity: 0,
    forceHandlers: false,
    flushCache: false,
    noInstall: true,
  }
  return readingContext(request, { ...world, modules: noModules, plugins: nobodysPlugins })
}

const noModules: ModulesPort = {
  open: () =>
    Promise.resolve({
      hasCore: false,
      collections: [],
      version: undefined,
      find: () => undefined,
      pack: ({ file }) => Promise.reject(new Error(`nothing is packed here, and not ${file}`)),
    }),
}

const nobodysPlugins: PluginsPort = {
  open: () => Promise.resolve({ ...noPlugins, addFolder: () => false, [Symbol.dispose]: () => {} }),
}
