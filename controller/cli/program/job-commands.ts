import type { Command } from 'commander'
import type { LogFlags } from '../commands/logs.ts'
import { addJobFlags, type JobFlags } from '../flags/job-flags.ts'
import { wholeNumber } from '../flags/run-flags.ts'
import type { Wiring } from './wiring.ts'

/** Jobs of the fleet: `jobs`, `status`, `logs`, `wait`, `cancel`. */
export function addJobCommands(program: Command, { context, done }: Wiring): void {
  addJobFlags(program.command('jobs'))
    .description('list jobs, newest first')
    .action(async (flags: JobFlags) => {
      const { showJobs } = await import('../commands/jobs.ts')
      done(await showJobs(flags, context))
    })
  program
    .command('status')
    .description('say all that is known of jobs')
    .argument('<job...>')
    .option('--json', 'print a JSON object a line')
    .action(async (jobs: readonly string[], flags: { json?: true }) => {
      const { showStatus } = await import('../commands/jobs.ts')
      done(await showStatus(jobs, flags, context))
    })
  addJobFlags(program.command('logs'))
    .description('print the output of jobs')
    .argument('[job...]')
    .option('-f, --follow', 'go on until the jobs have ended')
    .option('--offset <bytes>', 'begin at this byte of standard output', wholeNumber, 0)
    .option('--stderr-offset <bytes>', 'begin at this byte of standard error', wholeNumber, 0)
    .action(async (jobs: readonly string[], flags: LogFlags) => {
      const { showLogs } = await import('../commands/logs.ts')
      done(await showLogs(jobs, flags, context))
    })
  addJobFlags(program.command('wait'))
    .description('wait for jobs')
    .argument('[job...]')
    .action(async (jobs: readonly string[], flags: JobFlags) => {
      const { waitForJobs } = await import('../commands/wait.ts')
      done(await waitForJobs(jobs, flags, context))
    })
  addJobFlags(program.command('cancel'))
    .description('end jobs')
    .argument('[job...]')
    .option('--grace <seconds>', 'the time between asking a job to end and ending it', wholeNumber)
    .action(async (jobs: readonly string[], flags: JobFlags & { grace?: number }) => {
      const { cancelJobs } = await import('../commands/wait.ts')
      done(await cancelJobs(jobs, flags, context))
    })
}
