import type { RunRequest } from '../../../proto/run.ts'
import { askPassword } from '../ask-password.ts'
import type { CommandContext } from '../context.ts'
import { openController } from '../controller-client.ts'
import type { RunFlags } from '../flags/run-flags.ts'
import { warningsOf } from '../flags/without-effect.ts'
import { followRun } from '../follow-run.ts'
import { connectionPasswords, vaultPasswords } from '../passwords.ts'
import { playbookRequest, type PlaybookFlags, type Secrets } from '../run-request.ts'

/** `errand run`: plays playbooks and prints what becomes of them. */
export async function runPlaybooks(
  playbooks: readonly string[],
  flags: PlaybookFlags,
  context: CommandContext & { readonly argv: readonly string[] },
): Promise<number> {
  const secrets = await readSecrets(flags, context)
  const request = playbookRequest(playbooks, flags, {
    config: context.config,
    secrets,
    argv: context.argv,
  })
  return submitRun(request, context, flags)
}

/** Asks for and reads all passwords that the flags speak of. */
export async function readSecrets(flags: RunFlags, { config }: CommandContext): Promise<Secrets> {
  const options = { ask: askPassword, cwd: config.cwd }
  return {
    connection: await connectionPasswords(flags, options),
    vault: await vaultPasswords(flags, options),
  }
}

/** Starts a run and follows it to its end. */
export async function submitRun(
  request: RunRequest,
  context: CommandContext,
  flags: RunFlags,
): Promise<number> {
  const { config, interrupt, terminal } = context
  for (const warning of warningsOf(flags)) await terminal.err(warning)
  using controller = await openController(config, interrupt.signal)
  const runId = await controller.startRun(request, interrupt.signal)
  return await followRun(runId, context, { controller, isJson: flags.json ?? false })
}
