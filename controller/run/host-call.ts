import { ErrandError } from '../../proto/errors.ts'
import type { JobWork } from '../../proto/job.ts'
import type { Ask, HostCall } from '../modules/module.ts'
import { askOperation } from '../modules/operation.ts'
import { moduleCall, type CallParts } from './module-call.ts'
import { outcome, runToEnd, type Reached } from './job.ts'
import type { InstalledModules, PackedModule } from './ports.ts'
import { reaching } from './task-error.ts'
import { taskSearchPath } from './task-files.ts'
import { transferOf } from './transfer.ts'

/** What a module that works on a host is given. */
export function hostCall(parts: CallParts & { readonly reached: Reached }): HostCall {
  const { attempt, reached } = parts
  const { env, scope } = attempt
  const { context } = env.play
  const { world } = context
  const step = { isAsync: false, timeLimitMs: 0, isStep: true }
  return {
    ...moduleCall(parts),
    operation: async (name, args) => {
      const ask = askOperation(name, args)
      return outcome(ask.reading, await runToEnd(attempt, reached, { ask, choice: step }))
    },
    command: (work) => runToEnd(attempt, reached, { ask: plainAsk(work), choice: step }),
    upload: (content, { isKept } = { isKept: false }) =>
      reaching(() =>
        world.jobs.upload(reached.prepared, content, { isKept, signal: world.signal }),
      ),
    transfer: () => transferOf(attempt),
    hasInstalled: (name) => context.language.installed.find(name) !== undefined,
    pack: (name) => pack(context.language.installed, { name, signal: world.signal }),
    ansibleVersion: context.language.installed.version ?? '2.14.18',
    noLog: attempt.noLog,
    download: (path) =>
      world.jobs.download(reached.prepared, path, { runAs: reached.runAs, signal: world.signal }),
    renderFile: (path, options) =>
      context.language.renderFile(path, {
        ...options,
        scope,
        searchPath: taskSearchPath(env.task),
      }),
  }
}

async function pack(
  installed: InstalledModules,
  { name, signal }: { readonly name: string; readonly signal: AbortSignal },
): Promise<PackedModule> {
  const module = installed.find(name)
  if (module) return await installed.pack(module, { signal })
  const hint = installed.hasCore
    ? ''
    : ': install ansible-core on the controller, which has most modules'
  throw new ErrandError('not_found', `the module ${name} was not found${hint}`)
}

function plainAsk(work: JobWork): Ask {
  return { kind: 'ask', work, reading: { kind: 'nothing' } }
}
