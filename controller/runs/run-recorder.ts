import { ErrandError, exitCodeOf, sentenceOf } from '../../proto/errors.ts'
import type { RunEventBody, RunId, RunRequest } from '../../proto/run.ts'
import type { ClockPort, RecordedPlace, RecordPort } from '../run/ports.ts'
import type { Store } from '../store/store.ts'
import { cancelJobsOf, openJobsOf, type CancelJob } from './cancel-jobs.ts'
import type { Interruption } from './interruption.ts'
import type { RunFeed } from './run-feed.ts'

export interface RunRecorderOptions {
  readonly runId: RunId
  readonly store: Store
  readonly feed: RunFeed
  readonly clock: Pick<ClockPort, 'nowMs'>
  readonly cancelJob: CancelJob
}

/** How a run came to its end. */
export interface RunEnd {
  readonly exitCode: number
  readonly error?: string
}

/** Writes one run's events, and publishes each when it is written. How a run begins and ends is told here alone. */
export class RunRecorder implements RecordPort {
  readonly #options: RunRecorderOptions

  constructor(options: RunRecorderOptions) {
    this.#options = options
  }

  async begin(request: RunRequest): Promise<void> {
    const { kind, title, playbooks, check, diff, verbosity, display } = request
    const oneLine = request.adhoc?.oneLine ?? false
    const heading = {
      kind,
      title,
      playbooks,
      check,
      diff,
      oneLine,
      verbosity,
      ...(display === undefined ? {} : { display }),
    }
    await this.#write({ kind: 'run_started', request: heading })
  }

  async append(body: RunEventBody, checkpoint?: RecordedPlace): Promise<void> {
    if (ownKinds.includes(body.kind)) return
    await this.#write(body, checkpoint)
  }

  async keep(checkpoint: RecordedPlace): Promise<void> {
    await this.#options.store.runs.checkpoint(this.#options.runId, checkpoint)
  }

  /**
   * What is to become of the jobs of a run that was broken off: they end now, or go on as if `async` had asked for each,
   * those that tasks were waiting for included.
   */
  async interrupt({ cancelsJobs }: Interruption): Promise<void> {
    const { store, runId, cancelJob } = this.#options
    await store.jobs.leave(runId)
    if (!cancelsJobs) return
    const jobs = await cancelJobsOf(runId, { store, cancelJob })
    if (jobs.length > 0) await this.#write({ kind: 'jobs_cancelled', jobs })
  }

  /** Names the jobs that go on, and closes the run. */
  async end(end: RunEnd): Promise<void> {
    const { store, runId } = this.#options
    const jobs = (await openJobsOf(runId, store)).filter(({ isAsync }) => isAsync)
    if (jobs.length > 0) {
      const out = jobs.map(({ jobId, host, name }) => ({ jobId, host, task: name }))
      await this.#write({ kind: 'jobs_out', jobs: out })
    }
    // When that is there and the run is not closed, it is closed as it says (see closedAs).
    await this.#write(
      { kind: 'run_ended', ...end },
      { position: endPosition, value: checkpointOf(end) },
    )
    await this.close(end)
  }

  /** Closes a run whose last event is in the record. */
  async close(end: RunEnd): Promise<void> {
    const { store, runId, clock } = this.#options
    await store.runs.end(runId, {
      state: end.exitCode === interruptedCode ? 'interrupted' : 'ended',
      endedAtMs: clock.nowMs(),
      exitCode: end.exitCode,
    })
  }

  async #write(body: RunEventBody, checkpoint?: RecordedPlace): Promise<void> {
    const { store, runId, clock, feed } = this.#options
    feed.publish(await store.runs.append(runId, { atMs: clock.nowMs(), body, checkpoint }))
  }
}

const endPosition = 'run_ended'

function checkpointOf(end: RunEnd): string {
  return JSON.stringify(end)
}

/** The end of a run that died between its last event and being closed. */
export function closedAs(checkpoints: ReadonlyMap<string, string>): RunEnd | undefined {
  const text = checkpoints.get(endPosition)
  return text === undefined ? undefined : (JSON.parse(text) as RunEnd)
}

/** What the recorder alone says. */
const ownKinds: readonly RunEventBody['kind'][] = [
  'run_started',
  'jobs_cancelled',
  'jobs_out',
  'run_ended',
]

const interruptedCode = exitCodeOf(new ErrandError('interrupted', ''))

/** The end of a run that was broken off: by the user, or by what is wrong with its files or with us. */
export function endOfError(error: unknown, signal: AbortSignal): RunEnd {
  if (signal.aborted) return { exitCode: interruptedCode, error: 'User interrupted execution' }
  return { exitCode: exitCodeOf(error), error: sentenceOf(error) }
}
