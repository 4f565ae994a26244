import { installFromWire } from '../../../proto/control-codec.ts'
import type { InstallProgress } from '../../../proto/control.ts'
import type { InstallEvent__Output } from '../../../proto/gen/errand/control/v1/InstallEvent.ts'
import type { InstallRequest } from '../../../proto/run.ts'
import { messages, type Incoming } from '../../../proto/stream.ts'
import type { CommandContext } from '../context.ts'
import type { ControllerClient } from '../controller-client.ts'
import type { RunFlags } from '../flags/run-flags.ts'
import { coloured } from '../render/palette.ts'
import { connectionFlags } from '../run-request.ts'
import { readSecrets } from './run.ts'

/** Flags of `errand install`, `errand upgrade` and `errand uninstall`. */
export type InstallFlags = RunFlags & { readonly force?: true }

/** `errand install`: puts agents on hosts. 0 when each has one, 4 when one is out of reach, else 2. */
export async function installAgents(
  pattern: string,
  flags: InstallFlags,
  context: CommandContext,
): Promise<number> {
  const requestJson = await installRequest(pattern, flags, context)
  return await report(({ calls }) => calls.install({ requestJson }), flags, context)
}

/** `errand upgrade`: puts this build of the agent in the place of others, jobs running. Exit codes as above. */
export async function upgradeAgents(
  pattern: string,
  flags: InstallFlags,
  context: CommandContext,
): Promise<number> {
  const requestJson = await installRequest(pattern, flags, context)
  return await report(({ calls }) => calls.upgrade({ requestJson }), flags, context)
}

/** `errand uninstall`: removes agents and every trace of them. */
export async function uninstallAgents(
  pattern: string,
  flags: InstallFlags,
  context: CommandContext,
): Promise<number> {
  const requestJson = await installRequest(pattern, flags, context)
  return await report(({ calls }) => calls.uninstall({ requestJson }), flags, context)
}

async function installRequest(
  pattern: string,
  flags: InstallFlags,
  context: CommandContext,
): Promise<string> {
  const { config, controllers, interrupt, terminal } = context
  const settings = await controllers.ask((controller) =>
    controller.readSettings(config, interrupt.signal),
  )
  const secrets = await readSecrets(flags, { config, settings, terminal })
  const { cwd, environment } = config
  const request: InstallRequest = {
    cwd,
    inventories: flags.inventory,
    pattern,
    ...(flags.limit.length > 0 ? { limit: flags.limit.join(',') } : {}),
    extraVars: flags.extraVars,
    forks: flags.forks ?? 20,
    connection: connectionFlags(flags, { secrets, settings }),
    vaultPasswords: secrets.vault,
    environment,
    force: flags.force ?? false,
  }
  return JSON.stringify(request)
}

/** When the controller goes meanwhile, the next one looks at every host again: what is done there stays. */
async function report(
  begin: (controller: ControllerClient) => Incoming<InstallEvent__Output>,
  flags: InstallFlags,
  { terminal, config, controllers, interrupt }: CommandContext,
): Promise<number> {
  const ends = new Map<string, number>()
  const wires = controllers.follow((controller) => messages(begin(controller), interrupt.signal))
  for await (const wire of wires) {
    const progress = installFromWire(wire)
    const isLast = lastSteps.includes(progress.step)
    if (isLast) ends.set(progress.host, codeOf(progress))
    if (flags.json) await terminal.json(progress)
    else if (isLast) await terminal.out(lineOf(progress, config.hasColour))
    else if (flags.verbose > 0 || !config.isInteractive) await terminal.err(lineOf(progress, false))
    else terminal.progress(`${progress.host}: ${progress.message}`)
  }
  terminal.clearProgress()
  return Math.max(0, ...ends.values())
}

const lastSteps: readonly string[] = ['done', 'failed', 'skipped']

function lineOf({ host, step, message }: InstallProgress, hasColour: boolean): string {
  const line = `${host}: ${step}: ${message}`
  if (!hasColour) return `${line}\n`
  return `${coloured(line, step === 'failed' ? 'error' : step === 'done' ? 'ok' : 'skip')}\n`
}

function codeOf({ step, errorCode }: InstallProgress): number {
  if (step !== 'failed') return 0
  return errorCode === 'unreachable' || errorCode === 'denied' ? 4 : 2
}
