import type { Command } from 'commander'
import type { PruneFlags } from '../commands/prune.ts'
import type { AttachFlags, RunsFlags } from '../commands/runs.ts'
import type { ShowFlags } from '../commands/show-run.ts'
import type { StopFlags } from '../commands/stop-run.ts'
import { age } from '../flags/age.ts'
import { moment } from '../flags/moment.ts'
import {
  collect,
  followHelp,
  interruptOption,
  outputOption,
  wholeNumber,
} from '../flags/run-flags.ts'
import type { Wiring } from './wiring.ts'

const runHelp = 'its id, the beginning of it, or last'

/** The record of runs: `runs`, `show`, `attach`, `stop`, `prune`. */
export function addRecordCommands(program: Command, wiring: Wiring): void {
  addRunsCommand(program, wiring)
  addShowCommand(program, wiring)
  addAttachCommand(program, wiring)
  addStopCommand(program, wiring)
  addPruneCommand(program, wiring)
}

function addRunsCommand(program: Command, { context, done }: Wiring): void {
  program
    .command('runs')
    .description('list runs, newest first')
    .option('--state <state>', 'running, ended or interrupted; may be repeated', collect, [])
    .option('--since <time>', 'only those that began then or later: 2h, a date', moment)
    .option('--older-than <age>', 'only those that began longer ago, as 2h or 7d', age)
    .option('--limit <number>', 'no more than this many; 100 where nothing is said', wholeNumber)
    .option('--json', 'print a JSON object a line')
    .action(async (flags: RunsFlags) => {
      const { showRuns } = await import('../commands/runs.ts')
      done(await showRuns(flags, context))
    })
}

function addShowCommand(program: Command, { context, done }: Wiring): void {
  program
    .command('show')
    .description('say what became of a run: its tasks, hosts and jobs')
    .argument('<run>', runHelp)
    .option('--full', 'also everything that was recorded, results included')
    .option('--junit <file>', 'also write what came of each task as JUnit XML')
    .addOption(outputOption())
    .option('--json', 'print a JSON object')
    .action(async (run: string, flags: ShowFlags) => {
      const { showRun } = await import('../commands/show-run.ts')
      done(await showRun(run, flags, context))
    })
}

function addAttachCommand(program: Command, { context, done }: Wiring): void {
  program
    .command('attach')
    .description('print a run from its start and follow it')
    .argument('<run>', runHelp)
    .option('--follow', followHelp)
    .addOption(interruptOption())
    .addOption(outputOption())
    .option('--json', 'the same as --output json')
    .action(async (run: string, flags: AttachFlags) => {
      const { attachToRun } = await import('../commands/runs.ts')
      done(await attachToRun(run, flags, context))
    })
}

function addStopCommand(program: Command, { context, done }: Wiring): void {
  program
    .command('stop')
    .description('ask a run to stop, as Ctrl-C does, and wait until it has')
    .argument('<run>', runHelp)
    .option('--cancel-jobs', 'end the jobs that it has out, too')
    .action(async (run: string, flags: StopFlags) => {
      const { stopRun } = await import('../commands/stop-run.ts')
      done(await stopRun(run, flags, context))
    })
}

function addPruneCommand(program: Command, { context, done }: Wiring): void {
  program
    .command('prune')
    .description('forget runs that have ended; past ERRAND_KEEP_DAYS and ERRAND_KEEP_RUNS, or:')
    .option('--older-than <age>', 'those that ended longer ago, as 12h or 30d', age)
    .option('--keep <number>', 'all but this many, the newest', wholeNumber)
    .option('--dry-run', 'only say which')
    .option('--json', 'print a JSON object a line')
    .action(async (flags: PruneFlags) => {
      const { pruneRuns } = await import('../commands/prune.ts')
      done(await pruneRuns(flags, context))
    })
}
