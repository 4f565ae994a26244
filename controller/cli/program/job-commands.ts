import { Option, type Command } from 'commander'
import type { LogFlags } from '../commands/logs.ts'
import { addJobFlags, type JobFlags } from '../flags/job-flags.ts'
import { wholeNumber } from '../flags/run-flags.ts'
import type { Wiring } from './wiring.ts'

/** Jobs of the fleet: `jobs`, `status`, `logs`, `wait`, `cancel`. */
export function addJobCommands(program: Command, wiring: Wiring): void {
  addListing(program, wiring)
  addLogs(program, wiring)
  addActing(program, wiring)
}

function addListing(program: Command, { context, done }: Wiring): void {
  addJobFlags(program.command('jobs'))
    .description('list jobs, newest first')
    .action(async (flags: JobFlags) => {
      const { showJobs } = await import('../commands/jobs.ts')
      done(await showJobs(flags, context))
    })
  addJobFlags(program.command('status'))
    .description('say all that is known of jobs')
    .argument('[job...]')
    .action(async (jobs: readonly string[], flags: JobFlags) => {
      const { showStatus } = await import('../commands/jobs.ts')
      done(await showStatus(jobs, flags, context))
    })
}

function addLogs(program: Command, { context, done }: Wiring): void {
  addJobFlags(program.command('logs'))
    .description('print the output of jobs')
    .argument('[job...]')
    .option('-f, --follow', 'go on until the jobs have ended, with --run until the run has')
    .option('--new', 'with -f: also jobs that begin later, for ever')
    .option('--tail <lines>', 'begin with the last lines of each stream', wholeNumber)
    .addOption(new Option('--stream <stream>', 'only this one').choices(['stdout', 'stderr']))
    .option('--offset <bytes>', 'begin at this byte of standard output', wholeNumber, 0)
    .option('--stderr-offset <bytes>', 'begin at this byte of standard error', wholeNumber, 0)
    .option('--after <file>', 'go on after the lines of --json that are in this file')
    .option('--all', 'of every job')
    .action(async (jobs: readonly string[], flags: LogFlags) => {
      const { showLogs } = await import('../commands/logs.ts')
      done(await showLogs(jobs, flags, context))
    })
}

function addActing(program: Command, { context, done }: Wiring): void {
  addJobFlags(program.command('wait'))
    .description('wait for jobs')
    .argument('[job...]')
    .option('--all', 'wait for every job that is out')
    .action(async (jobs: readonly string[], flags: JobFlags) => {
      const { waitForJobs } = await import('../commands/wait.ts')
      done(await waitForJobs(jobs, flags, context))
    })
  addJobFlags(program.command('cancel'))
    .description('end jobs')
    .argument('[job...]')
    .option('--all', 'end every job that runs')
    .option('--grace <seconds>', 'the time between asking a job to end and ending it', wholeNumber)
    .action(async (jobs: readonly string[], flags: JobFlags & { grace?: number }) => {
      const { cancelJobs } = await import('../commands/wait.ts')
      done(await cancelJobs(jobs, flags, context))
    })
}
