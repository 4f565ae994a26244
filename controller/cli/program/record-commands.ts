import type { Command } from 'commander'
import type { RunsFlags } from '../commands/runs.ts'
import { wholeNumber } from '../flags/run-flags.ts'
import type { Wiring } from './wiring.ts'

/** What reads the record of runs: `runs`, `attach`. */
export function addRecordCommands(program: Command, { context, done }: Wiring): void {
  program
    .command('runs')
    .description('list runs, newest first')
    .option('--limit <number>', 'no more than this many', wholeNumber)
    .option('--json', 'print a JSON object a line')
    .action(async (flags: RunsFlags) => {
      const { showRuns } = await import('../commands/runs.ts')
      done(await showRuns(flags, context))
    })
  program
    .command('attach')
    .description('print a run from its start and follow it')
    .argument('<run>')
    .option('--json', 'print its events, a JSON object a line')
    .action(async (run: string, flags: { json?: true }) => {
      const { attachToRun } = await import('../commands/runs.ts')
      done(await attachToRun(run, flags, context))
    })
}
