/** The command line: knows only how to ask the controller and how to print. */
import { errandVersion } from '../../proto/version.ts'

const argv = process.argv.slice(2)
if (argv.length === 1 && argv[0] === '--version') {
  process.stdout.write(`${errandVersion}\n`)
} else {
  // Loaded only when needed: the wire takes most of the time that a command needs to begin.
  const { runCommandLine } = await import('./command-line.ts')
  process.exitCode = await runCommandLine(argv)
}
