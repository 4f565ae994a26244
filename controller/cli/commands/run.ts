import { resolve } from 'node:path'
import { ErrandError } from '../../../proto/errors.ts'
import { newRunId } from '../../../proto/run-id.ts'
import type { RunEvent, RunRequest } from '../../../proto/run.ts'
import type { ClientSettings } from '../../../proto/settings.ts'
import { askLine, askPassword } from '../ask-password.ts'
import { askPrompts } from '../ask-prompts.ts'
import type { CliConfig } from '../config.ts'
import type { CommandContext } from '../context.ts'
import type { RunFlags } from '../flags/run-flags.ts'
import { followRun } from '../follow-run.ts'
import { OnlyAwaited } from '../only-awaited.ts'
import { checkWritable, JunitFile } from '../junit/junit-file.ts'
import { connectionPasswords } from '../passwords.ts'
import { ResultFolder } from '../result-folder.ts'
import {
  playbookRequest,
  type PlaybookFlags,
  type Secrets,
  type Surroundings,
} from '../run-request.ts'
import { vaultPasswords } from '../vault-passwords.ts'
import { warner } from '../warner.ts'

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
  {
    config,
    settings,
    terminal,
  }: Pick<CommandContext, 'config' | 'terminal'> & { readonly settings: ClientSettings },
): Promise<Secrets> {
  const options = {
    ask: askPassword,
    cwd: config.cwd,
    settings,
    warn: warner({ config, terminal }),
  }
  return {
    connection: await connectionPasswords(flags, options),
    vault: await vaultPasswords(flags, options),
  }
}

type SubmitFlags = RunFlags &
  Pick<PlaybookFlags, 'step'> & {
    /** A folder for the results. */
    readonly tree?: string
  }

/** Starts a run and follows it to its end. */
export async function submitRun(
  flags: SubmitFlags,
  context: CommandContext & { readonly argv: readonly string[] },
  makeRequest: (surroundings: Surroundings) => RunRequest,
): Promise<number> {
  const { config, controllers, interrupt, terminal, argv } = context
  checkJunit(flags, config)
  checkDetached(flags)
  const settings = await controllers.ask((controller) =>
    controller.readSettings(config, interrupt.signal),
  )
  const secrets = await readSecrets(flags, { config, settings, terminal })
  const request = makeRequest({ config, settings, secrets, argv })
  return await start(request, { context, settings, flags })
}

/** What the user answers to vars_prompt, before anything runs; nothing without a terminal: then the defaults count. */
async function answersFor(
  request: RunRequest,
  { config, controllers, interrupt, terminal }: CommandContext,
): Promise<Readonly<Record<string, string>>> {
  if (!config.canAsk || request.kind === 'adhoc' || request.listings !== undefined) return {}
  const prompts = await controllers.ask((controller) =>
    controller.listPrompts(request, interrupt.signal),
  )
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

function checkDetached({ detach, step }: RunFlags & Pick<PlaybookFlags, 'step'>): void {
  if (!detach || !step) return
  throw new ErrandError('invalid', '--step asks before each task, and who detaches cannot answer')
}

async function start(
  request: RunRequest,
  by: {
    readonly context: CommandContext
    readonly settings: ClientSettings
    readonly flags: SubmitFlags
  },
): Promise<number> {
  const { context, settings, flags } = by
  const { config, controllers, interrupt } = context
  const promptAnswers = await answersFor(request, context)
  interrupt.hold()
  const runId = newRunId(Date.now())
  await controllers.ask((controller) =>
    controller.startRun(runId, { ...request, promptAnswers }, interrupt.signal),
  )
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
  const unwritten: string[] = []
  const results =
    flags.tree === undefined
      ? undefined
      : new ResultFolder(resolve(config.cwd, flags.tree), (text) => unwritten.push(text))
  const code = await followRun(runId, coloured, {
    isJson: flags.json ?? flags.output === 'json',
    isLive: flags.follow ?? false,
    cancelsJobs: flags.onInterrupt === 'cancel',
    // Without a terminal --step takes the lines of its input, as Ansible does.
    ...(config.canAsk || request.step ? { input: process.stdin } : {}),
    leaveAt,
    onEvent: (event) => {
      report?.note(event)
      results?.note(event)
    },
  })
  report?.write()
  for (const text of unwritten) await warner(context)(text)
  if (isLeft)
    await context.terminal.err(
      `the rest waits: errand attach ${runId} goes on, errand wait --run ${runId} waits for it\n`,
    )
  return code
}
