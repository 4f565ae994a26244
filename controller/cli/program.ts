import { Command, CommanderError } from 'commander'
import { errandVersion } from '../../proto/version.ts'
import type { CommandContext } from './context.ts'
import { withoutAliases } from './flags/aliases.ts'
import { addControllerCommands } from './program/controller-commands.ts'
import { addHostCommands } from './program/host-commands.ts'
import { addJobCommands } from './program/job-commands.ts'
import { addRecordCommands } from './program/record-commands.ts'
import { addRunCommands } from './program/run-commands.ts'
import { addVaultCommands } from './program/vault-commands.ts'

export interface ProgramOptions {
  readonly argv: readonly string[]
  readonly context: CommandContext
}

/**
 * Reads the command line and does what it says. Each command is loaded when it is asked for.
 *
 * @returns The exit code.
 */
export async function runProgram({ argv, context }: ProgramOptions): Promise<number> {
  let exitCode = 0
  const done = (code: number) => {
    exitCode = code
  }
  const program = new Command('errand')
    .description('Send your servers on errands, hang up, and have the results come back.')
    .version(errandVersion)
    .enablePositionalOptions()
    .showHelpAfterError('(errand COMMAND --help says more)')
  const options = { argv, context, done }
  addRunCommands(program, options)
  addVaultCommands(program, options)
  addRecordCommands(program, options)
  addJobCommands(program, options)
  addHostCommands(program, options)
  addControllerCommands(program, options)
  try {
    everyCommand(program, (command) => command.exitOverride())
    await program.parseAsync(withoutAliases(argv), { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // As argparse: 2 for what the command line says wrongly.
    return error.exitCode === 0 ? 0 : 2
  }
  return exitCode
}

function everyCommand(command: Command, visit: (command: Command) => void): void {
  visit(command)
  for (const inner of command.commands) everyCommand(inner, visit)
}
