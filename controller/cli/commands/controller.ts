import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { ErrandError } from '../../../proto/errors.ts'
import type { CommandContext } from '../context.ts'
import { findController } from '../controller-client.ts'
import { localTime } from '../durations.ts'
import { untilGone } from '../start-controller.ts'

/** `errand controller`: serves in the foreground until it is told to leave. */
export async function serveInForeground(context: CommandContext): Promise<number> {
  return runControllerProgram([], context)
}

/** `errand controller repair`: has the record repaired while no controller uses it. */
export async function repairRecord(context: CommandContext): Promise<number> {
  return runControllerProgram(['--repair'], context)
}

async function runControllerProgram(
  words: readonly string[],
  { config, interrupt }: CommandContext,
): Promise<number> {
  const argv = [config.controllerProgram, ...words]
  const child = spawn(process.execPath, argv, { stdio: 'inherit' })
  // A terminal sends its Ctrl-C to both; a service manager asks us alone.
  interrupt.handle(() => {})
  const pass = () => void child.kill('SIGTERM')
  process.on('SIGTERM', pass)
  const [code] = (await once(child, 'exit')) as [number | null]
  process.off('SIGTERM', pass)
  return code ?? 1
}

/** `errand controller status`: the controller about itself; 1 when none answers. */
export async function showControllerStatus(
  flags: { readonly json?: true },
  { config, terminal, interrupt }: CommandContext,
): Promise<number> {
  using controller = await findController(config)
  if (!controller) {
    await terminal.err(`no controller is running for ${config.home}\n`)
    return 1
  }
  const status = await controller.status(interrupt.signal)
  if (flags.json) await terminal.json(status)
  else {
    await terminal.out(
      `version    ${status.version}\nprocess    ${status.pid}\nhome       ${status.home}\n` +
        `since      ${localTime(status.startedAtMs)}\nruns       ${status.runningRuns}\n` +
        `jobs out   ${status.runningJobs}\nhosts      ${status.connectedHosts} connected\n`,
    )
  }
  return 0
}

/** `errand controller stop`: asks the controller to leave and waits until it has. Its runs wait for the next one. */
export async function stopController({
  config,
  terminal,
  interrupt,
}: CommandContext): Promise<number> {
  using controller = await findController(config)
  if (!controller) {
    await terminal.err(`no controller is running for ${config.home}\n`)
    return 0
  }
  const { runningRuns } = await controller.status(interrupt.signal)
  await controller.stop(interrupt.signal).catch((error: unknown) => {
    // It may be gone before its answer is here.
    if (!(error instanceof ErrandError && error.code === 'unreachable')) throw error
  })
  await untilGone(config.socket, interrupt.signal)
  if (runningRuns > 0) {
    await terminal.err(
      `${runningRuns === 1 ? '1 run goes' : `${runningRuns} runs go`} on when the next controller starts, as any errand command has it; jobs go on meanwhile\n`,
    )
  }
  return 0
}
