import { exitCodeOf, sentenceOf } from '../../proto/errors.ts'
import { readCliConfig } from './config.ts'
import { Controllers } from './controllers.ts'
import { Interrupt, type CommandContext } from './context.ts'
import { runProgram } from './program.ts'
import { leaveWithReader, Terminal } from './terminal.ts'

/** Does what the command line says, with the process's own streams and signals, and gives its exit code. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  const { stdout, stderr } = process
  leaveWithReader([stdout, stderr])
  const config = readCliConfig(process)
  const terminal = new Terminal({ ...config, stdout, stderr })
  const interrupt = new Interrupt(() => process.exit(99))
  process.on('SIGINT', () => interrupt.press())
  using controllers = new Controllers(config, interrupt.signal)
  return await attempt(argv, { config, terminal, interrupt, controllers })
}

async function attempt(argv: readonly string[], context: CommandContext): Promise<number> {
  try {
    return await runProgram({ argv, context })
  } catch (error) {
    await context.terminal.err(`errand: ${sentenceOf(error)}\n`)
    return exitCodeOf(error)
  }
}
