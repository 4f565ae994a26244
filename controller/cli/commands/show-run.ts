import { filterToWire, jobFromWire } from '../../../proto/control-codec.ts'
import type { RunEvent } from '../../../proto/run.ts'
import { resolve } from 'node:path'
import type { CommandContext } from '../context.ts'
import { eventLine } from '../follow-run.ts'
import { jobFacts } from '../job-lines.ts'
import { JunitFile } from '../junit/junit-file.ts'
import { readAll } from '../read-all.ts'
import { runEvents } from '../run-events.ts'
import { eventText } from '../show/event-text.ts'
import { runJson } from '../show/run-json.ts'
import { RunStoryTeller } from '../show/run-story.ts'
import { runText, type ShownRun } from '../show/run-text.ts'
import type { OutputFormat } from '../flags/run-flags.ts'

/** Flags of `errand show`. */
export interface ShowFlags {
  readonly full?: true
  readonly junit?: string
  readonly output?: OutputFormat
  readonly json?: true
}

/** `errand show`: what the record has of a run, now. */
export async function showRun(
  named: string,
  flags: ShowFlags,
  context: CommandContext,
): Promise<number> {
  const { config, terminal, interrupt, controllers } = context
  const run = await controllers.ask((controller) => controller.findRun(named, interrupt.signal))
  const teller = new RunStoryTeller()
  const report =
    flags.junit === undefined ? undefined : new JunitFile(resolve(config.cwd, flags.junit))
  const printEach = printerOf(flags)
  // The summary comes first, and is known last: with --full the events follow it, and are read a second time.
  for await (const event of runEvents(run.runId, context)) {
    teller.note(event)
    report?.note(event)
    if (flags.output === 'json') await terminal.out(eventLine(event))
  }
  report?.write()
  if (flags.output === 'json') return 0
  const jobs = await jobsOf(run.runId, context)
  const shown: ShownRun = { run, story: teller.story, jobs }
  await terminal.out(flags.json ? runJson(shown) : runText(shown, Date.now()))
  if (!flags.full) return 0
  for await (const event of runEvents(run.runId, context)) {
    await terminal.out(printEach(event))
  }
  if (!flags.json) for (const job of jobs) await terminal.out(`\n${jobFacts(job, Date.now())}`)
  return 0
}

function printerOf({ json }: ShowFlags): (event: RunEvent) => string {
  return json ? eventLine : (event) => `\n${eventText(event)}`
}

async function jobsOf(runId: string, { controllers, interrupt: { signal } }: CommandContext) {
  const filter = filterToWire({ jobIds: [], hosts: [], states: [], runId, limit: 1_000_000 })
  const jobs = await controllers.ask(({ calls }) =>
    readAll(calls.listJobs(filter), { map: jobFromWire, signal }),
  )
  return jobs.toReversed()
}
