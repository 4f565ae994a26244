import { resolve } from 'node:path'
import { ErrandError } from '../../../proto/errors.ts'
import type { RunEvent, RunRequest } from '../../../proto/run.ts'
import type { ClientSettings } from '../../../proto/settings.ts'
import { askLine, askPassword } from '../ask-password.ts'
import { askPrompts } from '../ask-prompts.ts'
import type { CliConfig } from '../config.ts'
import type { CommandContext } from '../context.ts'
import { openController, type ControllerClient } from '../controller-client.ts'
import type { RunFlags } from '../flags/run-flags.ts'
import { warningsOf } from '../flags/without-effect.ts'
import { followRun } from '../follow-run.ts'
import { OnlyAwaited } from '../only-awaited.ts'
import { checkWritable, JunitFile } from '../junit/junit-file.ts'
import { connectionPasswords, vaultPasswords } from '../passwords.ts'
import {
  playbookRequest,
  type PlaybookFlags,
  type Secrets,
  type Surroundings,
} from '../run-request.ts'

/** `errand run`: plays playbooks and prints what becomes of them. */
export async function runPlaybooks(
  playbooks: readonly string[],
  flags: PlaybookFlags,
  context: CommandContext & { readonly argv: readonly string[] },
): Promise<number> {
  return submitRun(flags, context, (surroundings) =>
    playbookRequest(playbooks, flags, surroundings),
  )
}

/** Asks for and reads all passwords that the flags and the settings speak of. */
export async function readSecrets(
  flags: RunFlags,
  { config, settings }: { readonly config: CliConfig; readonly settings: ClientSettings },
): Promise<Secrets> {
  const options = { ask: askPassword, cwd: config.cwd, settings }
  return {
    connection: await connectionPasswords(flags, options),
    vault: await vaultPasswords(flags, options),
  }
}

/** Starts a run and follows it to its end. */
export async function submitRun(
  flags: RunFlags,
  context: CommandContext & { readonly argv: readonly string[] },
  makeRequest: (surroundings: Surroundings) => RunRequest,
): Promise<number> {
  const { config, interrupt, terminal, argv } = context
  for (const warning of warningsOf(flags)) await terminal.err(warning)
  checkJunit(flags, config)
  using controller = await openController(config, interrupt.signal)
  const settings = await controller.readSettings(config, interrupt.signal)
  const secrets = await readSecrets(flags, { config, settings })
  const request = makeRequest({ config, settings, secrets, argv })
  return await start(request, { context, controller, settings, flags })
}

/** What the user answers to vars_prompt, before anything runs; nothing without a terminal: then the defaults count. */
async function answersFor(
  request: RunRequest,
  {
    context,
    controller,
  }: { readonly context: CommandContext; readonly controller: ControllerClient },
): Promise<Readonly<Record<string, string>>> {
  const { config, interrupt, terminal } = context
  if (!config.canAsk || request.kind === 'adhoc' || request.listings !== undefined) return {}
  const prompts = await controller.listPrompts(request, interrupt.signal)
  return await askPrompts(prompts, {
    secret: askPassword,
    line: askLine,
    say: (text) => terminal.err(text),
  })
}

/** @throws {ErrandError} Before anything runs rather than after all has. */
function checkJunit({ junit, detach }: RunFlags, { cwd }: CliConfig): void {
  if (junit === undefined) return
  if (detach) {
    throw new ErrandError(
      'invalid',
      'who detaches writes no --junit file: errand show RUN --junit FILE writes it later',
    )
  }
  checkWritable(resolve(cwd, junit))
}

async function start(
  request: RunRequest,
  by: {
    readonly context: CommandContext
    readonly controller: ControllerClient
    readonly settings: ClientSettings
    readonly flags: RunFlags
  },
): Promise<number> {
  const { context, controller, settings, flags } = by
  const { config, interrupt } = context
  const promptAnswers = await answersFor(request, { context, controller })
  interrupt.hold()
  const runId = await controller.startRun({ ...request, promptAnswers }, interrupt.signal)
  if (flags.detach) {
    await context.terminal.out(`${runId}\n`)
    return 0
  }
  const { hasColour = config.hasColour } = settings
  const coloured = { ...context, config: { ...config, hasColour } }
  const awaited = request.adhoc?.whenReachable && flags.junit === undefined && new OnlyAwaited()
  let isLeft = false
  const leaveAt = (event: RunEvent) => {
    const exitCode = awaited ? awaited.note(event) : undefined
    isLeft ||= exitCode !== undefined
    return exitCode
  }
  const report =
    flags.junit === undefined ? undefined : new JunitFile(resolve(config.cwd, flags.junit))
  const code = await followRun(runId, coloured, {
    controller,
    isJson: flags.json ?? flags.output === 'json',
    isLive: flags.follow ?? false,
    cancelsJobs: flags.onInterrupt === 'cancel',
    leaveAt,
    onEvent: (event) => report?.note(event),
  })
  report?.write()
  if (isLeft)
    await context.terminal.err(
      `the rest waits: errand attach ${runId} goes on, errand wait --run ${runId} waits for it\n`,
    )
  return code
}
