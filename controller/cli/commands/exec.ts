import { ErrandError } from '../../../proto/errors.ts'
import { isLockName, lockNameRule } from '../../../proto/job.ts'
import type { AdhocRequest } from '../../../proto/run.ts'
import type { ClientSettings } from '../../../proto/settings.ts'
import type { CommandContext } from '../context.ts'
import type { RunFlags } from '../flags/run-flags.ts'
import { adhocRequest } from '../run-request.ts'
import { submitRun } from './run.ts'

/** What `errand exec` has beside the flags it shares with `errand run`. */
export interface ExecFlags extends RunFlags {
  readonly moduleName?: string
  readonly args?: string
  readonly background: number
  readonly poll: number
  readonly oneLine?: true
  readonly tree?: string
  readonly taskTimeout?: number
  readonly playbookDir?: string
  readonly listHosts?: true
  readonly label: readonly string[]
  readonly lock?: string
  readonly whenReachable?: true
  /** Milliseconds. */
  readonly expires?: number
}

/** `errand exec`: one module, or one command, on the hosts of a pattern. */
export async function execOnHosts(
  [pattern = '', ...argv]: readonly string[],
  flags: ExecFlags,
  context: CommandContext & { readonly argv: readonly string[] },
): Promise<number> {
  return submitRun(flags, context, (surroundings) => {
    const adhoc = adhocOf([pattern, ...argv], flags, surroundings.settings)
    return adhocRequest(adhoc, withVariables(flags), surroundings)
  })
}

/** Labels and a lock are variables, as they are in a play. */
function withVariables(flags: ExecFlags): ExecFlags {
  const { label, lock, extraVars } = flags
  const variables = {
    ...(label.length === 0 ? {} : { errand_labels: label }),
    ...(lock === undefined ? {} : { errand_lock: checkedLock(lock) }),
  }
  if (Object.keys(variables).length === 0) return flags
  return { ...flags, extraVars: [...extraVars, JSON.stringify(variables)] }
}

/** @throws {ErrandError} `invalid` here rather than once for each host. */
function checkedLock(name: string): string {
  if (isLockName(name)) return name
  throw new ErrandError('invalid', `--lock takes ${lockNameRule}, not ${JSON.stringify(name)}`)
}

const defaultExpiryMs = 24 * 60 * 60 * 1000

function expiryOf({ expires = defaultExpiryMs }: ExecFlags): number {
  if (expires > 0) return expires
  throw new ErrandError('invalid', '--expires must be longer than 0, as 10m or 2d')
}

function adhocOf(
  [pattern = '', ...argv]: readonly string[],
  flags: ExecFlags,
  { adhocModule }: ClientSettings,
): AdhocRequest {
  const { moduleName: module = adhocModule, args = '', background, poll, oneLine = false } = flags
  if (pattern === '') {
    throw new ErrandError('syntax', 'Hosts list cannot be empty. Please check your playbook')
  }
  if (flags.expires !== undefined && !flags.whenReachable)
    throw new ErrandError(
      'invalid',
      '--expires says how long jobs wait, so it needs --when-reachable',
    )
  const isMute = argv.length === 0 && args === '' && !flags.listHosts
  if (isMute && ['command', 'shell', 'raw', 'script'].includes(module)) {
    throw new ErrandError(
      'usage',
      `No argument passed to ${module} module: say it with -a, or as a command after --`,
    )
  }
  return {
    pattern,
    module,
    args,
    ...(argv.length > 0 ? { argv } : {}),
    asyncSeconds: background,
    pollSeconds: poll,
    oneLine,
    ...(flags.taskTimeout === undefined ? {} : { timeoutSeconds: flags.taskTimeout }),
    ...(flags.playbookDir === undefined ? {} : { playbookDir: flags.playbookDir }),
    ...(flags.whenReachable ? { whenReachable: { expiresMs: expiryOf(flags) } } : {}),
  }
}
