import { Command, CommanderError, Option } from 'commander'
import { errandVersion } from '../../proto/version.ts'
import type { ExecFlags } from './commands/exec.ts'
import type { InstallFlags } from './commands/install.ts'
import type { LogFlags } from './commands/logs.ts'
import type { RunsFlags } from './commands/runs.ts'
import type { CommandContext } from './context.ts'
import { withoutAliases } from './flags/aliases.ts'
import { addJobFlags, type JobFlags } from './flags/job-flags.ts'
import {
  addConnectionFlags,
  addInventoryFlags,
  addRunFlags,
  addVerboseFlag,
  collect,
  wholeNumber,
} from './flags/run-flags.ts'
import type { PlaybookFlags } from './run-request.ts'

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
  addRunCommand(program, options)
  addExecCommand(program, options)
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

interface Wiring extends ProgramOptions {
  readonly done: (exitCode: number) => void
}

function addRunCommand(program: Command, { argv, context, done }: Wiring): void {
  addRunFlags(program.command('run'))
    .description('run playbooks')
    .argument('<playbook...>')
    .option('-t, --tags <tags>', 'only tasks with these tags', collect, [])
    .option('--skip-tags <tags>', 'not the tasks with these tags', collect, [])
    .option('--start-at-task <name>', 'begin with this task')
    .option('--step', 'ask before each task')
    .option('--force-handlers', 'run handlers even on hosts that failed')
    .option('--flush-cache', 'forget the facts of all hosts')
    .option('--list-hosts', 'say which hosts, and run nothing')
    .option('--list-tasks', 'say which tasks, and run nothing')
    .option('--list-tags', 'say which tags, and run nothing')
    .option('--syntax-check', 'read the playbook, and run nothing')
    .action(async (playbooks: readonly string[], flags: PlaybookFlags) => {
      const { runPlaybooks } = await import('./commands/run.ts')
      done(await runPlaybooks(playbooks, flags, { ...context, argv: argv.slice(1) }))
    })
}

function addExecCommand(program: Command, { argv, context, done }: Wiring): void {
  addRunFlags(program.command('exec'))
    .description('run one module or command on hosts')
    .argument('<pattern>', 'the hosts')
    .argument('[command...]', 'after --: a command and its arguments')
    .option('-m, --module-name <name>', 'the module; command where nothing is said')
    .option('-a, --args <args>', "the module's arguments")
    .option(
      '-B, --background <seconds>',
      'run in the background, with this time limit',
      wholeNumber,
      0,
    )
    .option(
      '-P, --poll <seconds>',
      'the longest wait between two looks; 0 does not wait',
      wholeNumber,
      15,
    )
    .option('-o, --one-line', 'a line a host')
    .addOption(new Option('-t, --tree <folder>').hideHelp())
    .addOption(new Option('--task-timeout <seconds>').argParser(wholeNumber).hideHelp())
    .addOption(new Option('--playbook-dir <folder>').hideHelp())
    .action(async (pattern: string, command: readonly string[], flags: ExecFlags) => {
      const { execOnHosts } = await import('./commands/exec.ts')
      done(await execOnHosts([pattern, ...command], flags, { ...context, argv: argv.slice(1) }))
    })
}

function addRecordCommands(program: Command, { context, done }: Wiring): void {
  program
    .command('runs')
    .description('list runs, newest first')
    .option('--limit <number>', 'no more than this many', wholeNumber)
    .option('--json', 'print a JSON object a line')
    .action(async (flags: RunsFlags) => {
      const { showRuns } = await import('./commands/runs.ts')
      done(await showRuns(flags, context))
    })
  program
    .command('attach')
    .description('print a run from its start and follow it')
    .argument('<run>')
    .option('--json', 'print its events, a JSON object a line')
    .action(async (run: string, flags: { json?: true }) => {
      const { attachToRun } = await import('./commands/runs.ts')
      done(await attachToRun(run, flags, context))
    })
}

function addJobCommands(program: Command, { context, done }: Wiring): void {
  addJobFlags(program.command('jobs'))
    .description('list jobs, newest first')
    .action(async (flags: JobFlags) => {
      const { showJobs } = await import('./commands/jobs.ts')
      done(await showJobs(flags, context))
    })
  program
    .command('status')
    .description('say all that is known of jobs')
    .argument('<job...>')
    .option('--json', 'print a JSON object a line')
    .action(async (jobs: readonly string[], flags: { json?: true }) => {
      const { showStatus } = await import('./commands/jobs.ts')
      done(await showStatus(jobs, flags, context))
    })
  addJobFlags(program.command('logs'))
    .description('print the output of jobs')
    .argument('[job...]')
    .option('-f, --follow', 'go on until the jobs have ended')
    .option('--offset <bytes>', 'begin at this byte of standard output', wholeNumber, 0)
    .option('--stderr-offset <bytes>', 'begin at this byte of standard error', wholeNumber, 0)
    .action(async (jobs: readonly string[], flags: LogFlags) => {
      const { showLogs } = await import('./commands/logs.ts')
      done(await showLogs(jobs, flags, context))
    })
  addJobFlags(program.command('wait'))
    .description('wait for jobs')
    .argument('[job...]')
    .action(async (jobs: readonly string[], flags: JobFlags) => {
      const { waitForJobs } = await import('./commands/wait.ts')
      done(await waitForJobs(jobs, flags, context))
    })
  addJobFlags(program.command('cancel'))
    .description('end jobs')
    .argument('[job...]')
    .option('--grace <seconds>', 'the time between asking a job to end and ending it', wholeNumber)
    .action(async (jobs: readonly string[], flags: JobFlags & { grace?: number }) => {
      const { cancelJobs } = await import('./commands/wait.ts')
      done(await cancelJobs(jobs, flags, context))
    })
}

function addHostCommands(program: Command, { context, done }: Wiring): void {
  addInstallFlags(program.command('install'))
    .description('put agents on hosts')
    .action(async (pattern: string, flags: InstallFlags) => {
      const { installAgents } = await import('./commands/install.ts')
      done(await installAgents(pattern, flags, context))
    })
  addInstallFlags(program.command('uninstall'))
    .description('remove agents and every trace of them')
    .option('--force', 'also forget hosts that cannot be reached')
    .action(async (pattern: string, flags: InstallFlags) => {
      const { uninstallAgents } = await import('./commands/install.ts')
      done(await uninstallAgents(pattern, flags, context))
    })
  program
    .command('hosts')
    .description('list the hosts that have an agent')
    .argument('[host...]')
    .option('--json', 'print a JSON object a line')
    .action(async (names: readonly string[], flags: { json?: true }) => {
      const { showHosts } = await import('./commands/hosts.ts')
      done(await showHosts(names, flags, context))
    })
}

function addInstallFlags(command: Command): Command {
  return addVerboseFlag(addConnectionFlags(addInventoryFlags(command)))
    .argument('<pattern>', 'the hosts')
    .option('-f, --forks <number>', 'how many hosts at once', wholeNumber)
    .option('--json', 'print a JSON object a line')
}

function addControllerCommands(program: Command, { context, done }: Wiring): void {
  const controller = program
    .command('controller')
    .description('serve in the foreground')
    .action(async () => {
      const { serveInForeground } = await import('./commands/controller.ts')
      done(await serveInForeground(context))
    })
  controller
    .command('status')
    .description('say whether a controller is running, and what it does')
    .option('--json', 'print a JSON object')
    .action(async (flags: { json?: true }) => {
      const { showControllerStatus } = await import('./commands/controller.ts')
      done(await showControllerStatus(flags, context))
    })
  controller
    .command('stop')
    .description('ask the controller to leave')
    .action(async () => {
      const { stopController } = await import('./commands/controller.ts')
      done(await stopController(context))
    })
}

function everyCommand(command: Command, visit: (command: Command) => void): void {
  visit(command)
  for (const inner of command.commands) everyCommand(inner, visit)
}
