import type { Logger } from 'pino'
import { ErrandError, exitCodeOf } from '../proto/errors.ts'
import type { RunEvent, RunId, RunRequest } from '../proto/run.ts'
import type { Recorded } from './run/checkpoints.ts'
import type { Answer, AnswersPort, ClockPort, RecordPort } from './run/ports.ts'
import { Answers } from './runs/answers.ts'
import type { CancelJob } from './runs/cancel-jobs.ts'
import { Interruption, Leaving } from './runs/interruption.ts'
import type { PrivateRequests } from './runs/private-requests.ts'
import { RunFeed } from './runs/run-feed.ts'
import { closedAs, endOfError, RunRecorder, type RunEnd } from './runs/run-recorder.ts'
import { judgeStarts, startMark } from './runs/starts.ts'
import { Trials } from './runs/trials.ts'
import { withoutSecrets } from './runs/without-secrets.ts'
import type { RunRow, Store, TakenUp } from './store/store.ts'

/** What a run is given beside its request. */
export interface RunContext {
  readonly runId: RunId
  readonly record: RecordPort
  readonly answers: AnswersPort
  /** Of a run that another controller began: what it got done. */
  readonly recorded?: Recorded
  readonly log: Logger
  /** Aborts with an {@link Interruption} when somebody asks the run to stop, with {@link Leaving} when the controller leaves. */
  readonly signal: AbortSignal
}

/**
 * Drives one run and resolves with its exit code. Rejects with the reason when `signal` aborts or has before, and with what is
 * wrong with the request or its files. The events of its beginning and its end are not its own (see RunRecorder).
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
  /** How long a suspect run goes on alone (see Trials). */
  readonly trialMs?: number
  readonly log: Logger
}

interface Driving {
  readonly recorder: RunRecorder
  readonly runId: RunId
  readonly feed: RunFeed
  readonly stop: AbortController
  /** Of a run that another controller began. */
  readonly recorded?: TakenUp
  /** Controllers died again and again when they went on with it. */
  readonly isSuspect?: boolean
}

interface LiveRun {
  readonly feed: RunFeed
  readonly answers: Answers
  readonly stop: AbortController
  readonly over: Promise<void>
}

/** Starts runs and lets anybody watch them. Each event is in the record before anybody sees it. */
export class Runs implements AsyncDisposable {
  readonly #options: RunsOptions
  readonly #live = new Map<RunId, LiveRun>()
  readonly #trials: Trials
  #isLeaving = false

  constructor(options: RunsOptions) {
    this.#options = options
    this.#trials = new Trials(options)
  }

  /** How many runs are going on. */
  get running(): number {
    return this.#live.size
  }

  /**
   * Goes on with the runs that a controller left behind when it died.
   *
   * @returns Those that only could be closed: nobody sends what they had yet to send.
   */
  async adopt(): Promise<readonly RunId[]> {
    const abandoned = await this.#options.store.runs.list({ limit: 10_000, state: 'running' })
    this.#options.requests.dropOthers(abandoned.map(({ runId }) => runId))
    const closed: RunId[] = []
    for (const { runId } of abandoned.toReversed()) {
      if (!(await this.#adoptOne(runId))) closed.push(runId)
    }
    return closed
  }

  /** @returns Whether it goes on. */
  async #adoptOne(runId: RunId): Promise<boolean> {
    const { store, requests, clock, log } = this.#options
    const taken = await store.runs.takeUp(runId)
    const feed = new RunFeed(taken.lastSeq)
    const recorder = new RunRecorder({ ...this.#options, runId, feed })
    const end = closedAs(taken.checkpoints)
    if (end) {
      await recorder.close(end)
      return false
    }
    const request = requests.read(runId)
    if (!request) {
      log.warn({ runId }, 'a run cannot be gone on with: what it was asked for is gone')
      const error =
        'the controller died in the middle of this run, and what it was asked for is gone'
      await recorder.end({ exitCode: 99, error })
      return false
    }
    const verdict = judgeStarts(taken.checkpoints, clock.nowMs())
    if (verdict === 'guilty') {
      log.error({ runId }, 'a run is given up: going on with it ended the controller')
      await recorder.interrupt(new Interruption({ cancelsJobs: false }))
      await recorder.end({ exitCode: exitCodeOf(undefined), error: givenUp })
      requests.drop(runId)
      return false
    }
    log.warn({ runId, verdict }, 'going on with a run of another controller')
    const isSuspect = verdict === 'suspect'
    const start = startMark(taken.checkpoints, { atMs: clock.nowMs(), isAlone: false })
    await store.runs.checkpoint(runId, start)
    const stop = new AbortController()
    const asked = Interruption.recordedIn(taken.checkpoints)
    if (asked) stop.abort(asked)
    this.#begin(request, { recorder, runId, feed, stop, recorded: taken, isSuspect })
    return true
  }

  /**
   * Records the run and starts it; nothing when there is one of this id: its client asks again when the controller died
   * before it had answered.
   *
   * @throws {ErrandError} `unreachable` when the controller is leaving.
   */
  async start(runId: RunId, request: RunRequest): Promise<void> {
    const { store, requests, clock } = this.#options
    if (this.#isLeaving) throw gone()
    if (await store.runs.find(runId)) return
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
    this.#begin(request, { recorder, runId, feed, stop: new AbortController() })
  }

  #begin(request: RunRequest, driving: Driving): void {
    const { runId, feed, stop } = driving
    if (this.#isLeaving) stop.abort(new Leaving())
    const answers = new Answers()
    const over = this.#drive(request, { ...driving, answers })
    this.#live.set(runId, { feed, answers, stop, over })
  }

  /**
   * The events after `afterSeq`: those in the record, then the new ones as they come, until the run has ended.
   *
   * @throws {ErrandError} `not_found`; `unreachable` when the controller leaves before that.
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
      if (isOver && this.#live.has(runId)) throw gone()
      if (isOver) return
      if (feed && !feed.isOver && feed.lastSeq <= seq) await feed.changed(signal)
    }
  }

  /**
   * Asks a run to stop and waits until it has; `cancelJobs` ends its jobs too. One that has ended already is left as it
   * is. That it was asked is in the record first: the next controller stops it should this one die.
   *
   * @throws {ErrandError} `not_found`.
   */
  async stop(
    runId: RunId,
    { cancelJobs = false }: { readonly cancelJobs?: boolean } = {},
  ): Promise<void> {
    const live = this.#live.get(runId)
    if (!live) return void (await this.#find(runId))
    const asked = new Interruption({ cancelsJobs: cancelJobs })
    await this.#options.store.runs.checkpoint(runId, asked.place)
    live.stop.abort(asked)
    await live.over
  }

  /**
   * Answers a question of a run.
   *
   * @throws {ErrandError} `not_found`; `conflict` when the question waits for no answer (any more).
   */
  async answer(runId: RunId, questionId: string, answer: Answer): Promise<void> {
    const live = this.#live.get(runId)
    if (!live) return void (await this.#find(runId))
    if (live.stop.signal.reason instanceof Leaving) throw gone()
    live.answers.give(questionId, answer)
  }

  /** Breaks all runs off and leaves them to the next controller. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isLeaving = true
    for (const { stop } of this.#live.values()) stop.abort(new Leaving())
    await Promise.all([...this.#live.values()].map(({ over }) => over))
  }

  async #drive(
    request: RunRequest,
    driving: Driving & { readonly answers: Answers },
  ): Promise<void> {
    const { recorder, runId, feed, answers, stop, recorded, isSuspect = false } = driving
    const { signal } = stop
    const log = this.#options.log.child({ runId })
    log.info({ title: request.title }, 'run started')
    try {
      if (recorded === undefined || recorded.lastSeq === 0) await recorder.begin(request)
      const context = { runId, record: recorder, answers, signal, log }
      const trial =
        recorded && isSuspect
          ? await this.#trials.begin(runId, { taken: recorded, signal })
          : undefined
      const end = await this.#execute(request, { ...context, ...(recorded ? { recorded } : {}) })
      await trial?.end()
      if (signal.reason instanceof Leaving) return log.info('run left to the next controller')
      if (signal.reason instanceof Interruption) await recorder.interrupt(signal.reason)
      await recorder.end(end)
      this.#options.requests.drop(runId)
      log.info({ exitCode: end.exitCode }, 'run ended')
    } catch (err) {
      // The record cannot be written: nothing may be shown any more, and the log is what is left.
      log.error({ err }, 'run could not be recorded')
    } finally {
      // A run that was left stays: who asks for it is told that it goes on elsewhere.
      if (!(signal.reason instanceof Leaving)) this.#live.delete(runId)
      feed.end()
    }
  }

  async #execute(request: RunRequest, context: RunContext): Promise<RunEnd> {
    try {
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

const givenUp =
  'the controllers that went on with this run died again and again, the last one with nothing but this run to blame: ' +
  'it is given up, so that others can go on; their log may say why'

/** Told to who asks for a run that goes on: whoever watches comes back to the next controller. */
function gone(): ErrandError {
  return new ErrandError(
    'unreachable',
    'the controller is leaving; the next one goes on with its runs',
  )
}
