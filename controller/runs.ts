import { randomInt } from 'node:crypto'
import type { Logger } from 'pino'
import { ErrandError } from '../proto/errors.ts'
import type { RunEvent, RunId, RunRequest } from '../proto/run.ts'
import type { Recorded } from './run/checkpoints.ts'
import type { ClockPort, RecordPort } from './run/ports.ts'
import type { CancelJob } from './runs/cancel-jobs.ts'
import { Interruption } from './runs/interruption.ts'
import type { PrivateRequests } from './runs/private-requests.ts'
import { RunFeed } from './runs/run-feed.ts'
import { closedAs, endOfError, RunRecorder, type RunEnd } from './runs/run-recorder.ts'
import { withoutSecrets } from './runs/without-secrets.ts'
import type { RunRow, Store, TakenUp } from './store/store.ts'

/** What a run is given beside its request. */
export interface RunContext {
  readonly runId: RunId
  readonly record: RecordPort
  /** Of a run that another controller began: what it got done. */
  readonly recorded?: Recorded
  readonly log: Logger
  /** Aborts with an {@link ErrandError} `interrupted` when somebody asks the run to stop. */
  readonly signal: AbortSignal
}

/**
 * Drives one run and resolves with its exit code. Rejects with the reason when `signal` aborts, and with what is wrong
 * with the request or its files. The events of its beginning and its end are not its own (see RunRecorder).
 */
export type ExecuteRun = (request: RunRequest, context: RunContext) => Promise<number>

export interface RunsOptions {
  readonly store: Store
  readonly execute: ExecuteRun
  readonly clock: Pick<ClockPort, 'nowMs'>
  /** Ends a job, when a run is asked to stop and its jobs with it. */
  readonly cancelJob: CancelJob
  /** Keeps what a run was asked for until it has ended. */
  readonly requests: PrivateRequests
  readonly log: Logger
}

interface Driving {
  readonly recorder: RunRecorder
  readonly runId: RunId
  readonly feed: RunFeed
  readonly signal: AbortSignal
  /** Of a run that another controller began. */
  readonly recorded?: TakenUp
}

interface LiveRun {
  readonly feed: RunFeed
  readonly stop: AbortController
  readonly over: Promise<void>
}

/** Starts runs and lets anybody watch them. Each event is in the record before anybody sees it. */
export class Runs implements AsyncDisposable {
  readonly #options: RunsOptions
  readonly #live = new Map<RunId, LiveRun>()

  constructor(options: RunsOptions) {
    this.#options = options
  }

  /** How many runs are going on. */
  get running(): number {
    return this.#live.size
  }

  /** Goes on with the runs that a controller left behind when it died. */
  async adopt(): Promise<void> {
    const abandoned = await this.#options.store.runs.list({ limit: 10_000, state: 'running' })
    this.#options.requests.dropOthers(abandoned.map(({ runId }) => runId))
    for (const { runId } of abandoned.toReversed()) await this.#adoptOne(runId)
  }

  async #adoptOne(runId: RunId): Promise<void> {
    const { store, requests, log } = this.#options
    const taken = await store.runs.takeUp(runId)
    const feed = new RunFeed(taken.lastSeq)
    const recorder = new RunRecorder({ ...this.#options, runId, feed })
    const end = closedAs(taken.checkpoints)
    if (end) return await recorder.close(end)
    const request = requests.read(runId)
    if (!request) {
      log.warn({ runId }, 'a run cannot be gone on with: what it was asked for is gone')
      const error =
        'the controller died in the middle of this run, and what it was asked for is gone'
      return await recorder.end({ exitCode: 99, error })
    }
    log.warn({ runId }, 'going on with a run of a controller that died')
    this.#begin(request, { recorder, runId, feed, recorded: taken })
  }

  /** Records the run and starts it. */
  async start(request: RunRequest): Promise<RunId> {
    const { store, requests, clock } = this.#options
    const runId = newRunId(clock.nowMs())
    const row: RunRow = {
      runId,
      request: withoutSecrets(request),
      state: 'running',
      startedAtMs: clock.nowMs(),
      endedAtMs: undefined,
      exitCode: undefined,
    }
    requests.keep(runId, request)
    await store.runs.create(row)
    const feed = new RunFeed()
    const recorder = new RunRecorder({ ...this.#options, runId, feed })
    this.#begin(request, { recorder, runId, feed })
    return runId
  }

  #begin(request: RunRequest, driving: Omit<Driving, 'signal'>): void {
    const { runId, feed } = driving
    const stop = new AbortController()
    const over = this.#drive(request, { ...driving, signal: stop.signal })
    this.#live.set(runId, { feed, stop, over })
  }

  /**
   * The events after `afterSeq`: those in the record, then the new ones as they come, until the run has ended.
   *
   * @throws {ErrandError} `not_found`.
   */
  async *watch(
    runId: RunId,
    { afterSeq, signal }: { readonly afterSeq: number; readonly signal: AbortSignal },
  ): AsyncGenerator<RunEvent, void> {
    const feed = this.#live.get(runId)?.feed
    if (!feed) await this.#find(runId)
    let seq = afterSeq
    for (;;) {
      const isOver = feed?.isOver ?? true
      for await (const event of feed?.after(seq) ?? this.#options.store.runs.events(runId, seq)) {
        yield event
        seq = event.seq
      }
      if (isOver) return
      if (feed && !feed.isOver && feed.lastSeq <= seq) await feed.changed(signal)
    }
  }

  /**
   * Asks a run to stop and waits until it has; `cancelJobs` ends its jobs too. One that has ended already is left as it
   * is.
   *
   * @throws {ErrandError} `not_found`.
   */
  async stop(
    runId: RunId,
    { cancelJobs = false }: { readonly cancelJobs?: boolean } = {},
  ): Promise<void> {
    const live = this.#live.get(runId)
    if (!live) return void (await this.#find(runId))
    live.stop.abort(new Interruption('the user asked the run to stop', { cancelsJobs: cancelJobs }))
    await live.over
  }

  /** Stops all runs and waits for their ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const { stop } of this.#live.values()) {
      stop.abort(new Interruption('the controller was asked to stop', { cancelsJobs: false }))
    }
    await Promise.all([...this.#live.values()].map(({ over }) => over))
  }

  async #drive(request: RunRequest, driving: Driving): Promise<void> {
    const { recorder, runId, feed, signal, recorded } = driving
    const log = this.#options.log.child({ runId })
    log.info({ title: request.title }, 'run started')
    try {
      if (recorded === undefined || recorded.lastSeq === 0) await recorder.begin(request)
      const context = { runId, record: recorder, signal, log }
      const end = await this.#execute(request, { ...context, ...(recorded ? { recorded } : {}) })
      if (signal.reason instanceof Interruption) await recorder.interrupt(signal.reason)
      await recorder.end(end)
      this.#options.requests.drop(runId)
      log.info({ exitCode: end.exitCode }, 'run ended')
    } catch (err) {
      // The record cannot be written: nothing may be shown any more, and the log is what is left.
      log.error({ err }, 'run could not be recorded')
    } finally {
      this.#live.delete(runId)
      feed.end()
    }
  }

  async #execute(request: RunRequest, context: RunContext): Promise<RunEnd> {
    try {
      context.signal.throwIfAborted()
      return { exitCode: await this.#options.execute(request, context) }
    } catch (err) {
      if (!(err instanceof ErrandError) || err.code === 'internal') {
        context.log.error({ err }, 'run broke off by a defect')
      }
      return endOfError(err, context.signal)
    }
  }

  async #find(runId: RunId): Promise<RunRow> {
    const row = await this.#options.store.runs.find(runId)
    if (row) return row
    throw new ErrandError('not_found', `no run ${runId}; errand runs lists them`)
  }
}

/** `r`, 13 digits of milliseconds, a dash, 6 random letters: sorts by time. */
function newRunId(nowMs: number): RunId {
  const letters = Array.from({ length: 6 }, () => String.fromCodePoint(97 + randomInt(26))).join('')
  return `r${String(nowMs).padStart(13, '0')}-${letters}`
}
