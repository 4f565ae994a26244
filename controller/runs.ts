import { randomInt } from 'node:crypto'
import type { Logger } from 'pino'
import { ErrandError, exitCodeOf, sentenceOf } from '../proto/errors.ts'
import type { RunEvent, RunEventBody, RunId, RunRequest } from '../proto/run.ts'
import type { ClockPort, RecordPort } from './run/ports.ts'
import { RunFeed } from './runs/run-feed.ts'
import { withoutSecrets } from './runs/without-secrets.ts'
import type { RunRow, Store } from './store/store.ts'

/** What a run is given beside its request. */
export interface RunContext {
  readonly runId: RunId
  readonly record: RecordPort
  readonly log: Logger
  /** Aborts with an {@link ErrandError} `interrupted` when somebody asks the run to stop. */
  readonly signal: AbortSignal
}

/** Drives one run from its first event to its last and resolves with the exit code. */
export type ExecuteRun = (request: RunRequest, context: RunContext) => Promise<number>

export interface RunsOptions {
  readonly store: Store
  readonly execute: ExecuteRun
  readonly clock: Pick<ClockPort, 'nowMs'>
  readonly log: Logger
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

  /**
   * Closes the record of runs that a controller left behind when it died. (Here a later version goes on with them.)
   */
  async closeAbandoned(): Promise<void> {
    const abandoned = await this.#options.store.runs.list({ limit: 10_000, state: 'running' })
    for (const { runId } of abandoned) {
      this.#options.log.warn({ runId }, 'run was abandoned by a controller that died')
      await this.#finish(new RunFeed(), runId, {
        exitCode: 99,
        error: 'the controller died in the middle of this run; its jobs go on',
      })
    }
  }

  /** Records the run and starts it. */
  async start(request: RunRequest): Promise<RunId> {
    const { store, clock } = this.#options
    const runId = newRunId(clock.nowMs())
    const row: RunRow = {
      runId,
      request: withoutSecrets(request),
      state: 'running',
      startedAtMs: clock.nowMs(),
      endedAtMs: undefined,
      exitCode: undefined,
    }
    await store.runs.create(row)
    const feed = new RunFeed()
    const stop = new AbortController()
    this.#live.set(runId, { feed, stop, over: this.#drive(request, { runId, feed, signal: stop.signal }) })
    return runId
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
   * Asks a run to stop and waits until it has. One that has ended already is left as it is.
   *
   * @throws {ErrandError} `not_found`.
   */
  async stop(runId: RunId): Promise<void> {
    const live = this.#live.get(runId)
    if (!live) return void (await this.#find(runId))
    live.stop.abort(new ErrandError('interrupted', 'the user asked the run to stop'))
    await live.over
  }

  /** Stops all runs and waits for their ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const { stop } of this.#live.values()) {
      stop.abort(new ErrandError('interrupted', 'the controller was asked to stop'))
    }
    await Promise.all([...this.#live.values()].map(({ over }) => over))
  }

  async #drive(
    request: RunRequest,
    { runId, feed, signal }: { readonly runId: RunId; readonly feed: RunFeed; readonly signal: AbortSignal },
  ): Promise<void> {
    const log = this.#options.log.child({ runId })
    log.info({ title: request.title }, 'run started')
    try {
      const end = await this.#execute(request, { runId, feed, signal, log })
      await this.#finish(feed, runId, end)
      log.info({ exitCode: end.exitCode }, 'run ended')
    } catch (err) {
      // The record cannot be written: nothing may be shown any more, and the log is what is left.
      log.error({ err }, 'run could not be recorded')
    } finally {
      this.#live.delete(runId)
      feed.end()
      }
  }

  async #execute(
    request: RunRequest,
    { runId, feed, signal, log }: Omit<RunContext, 'record'> & { readonly feed: RunFeed },
  ): Promise<RunEnd> {
    const record = { append: (body: RunEventBody) => this.#append(feed, runId, body) }
    try {
      await record.append(runStarted(request))
      return { exitCode: await this.#options.execute(request, { runId, record, signal, log }) }
    } catch (error) {
      if (signal.aborted) return { exitCode: 99, error: 'User interrupted execution' }
      if (!(error instanceof ErrandError) || error.code === 'internal') {
        log.error({ err: error }, 'run failed by a defect')
      }
      return { exitCode: exitCodeOf(error), error: sentenceOf(error) }
    }
  }

  async #finish(feed: RunFeed, runId: RunId, end: RunEnd): Promise<void> {
    const { store, clock } = this.#options
    const jobs = await store.jobs.list({ runId, isAsync: true, states: ['submitting', 'running'] })
    if (jobs.length > 0) {
      const out = jobs.toReversed().map(({ jobId, host, name }) => ({ jobId, host, task: name }))
      await this.#append(feed, runId, { kind: 'jobs_out', jobs: out })
    }
    await this.#append(feed, runId, { kind: 'run_ended', ...end })
    await store.runs.end(runId, {
      state: end.exitCode === 99 ? 'interrupted' : 'ended',
      endedAtMs: clock.nowMs(),
      exitCode: end.exitCode,
    })
  }

  async #append(feed: RunFeed, runId: RunId, body: RunEventBody): Promise<void> {
    feed.publish(await this.#options.store.runs.append(runId, this.#options.clock.nowMs(), body))
  }

  async #find(runId: RunId): Promise<RunRow> {
    const row = await this.#options.store.runs.find(runId)
    if (row) return row
    throw new ErrandError('not_found', `no run ${runId}; errand runs lists them`)
  }
}

interface RunEnd {
  readonly exitCode: number
  readonly error?: string
}

function runStarted(request: RunRequest): RunEventBody {
  const { kind, title, playbooks, check, diff, verbosity } = request
  const oneLine = request.adhoc?.oneLine ?? false
  return { kind: 'run_started', request: { kind, title, playbooks, check, diff, oneLine, verbosity } }
}

/** `r`, 13 digits of milliseconds, a dash, 6 random letters: sorts by time. */
function newRunId(nowMs: number): RunId {
  const letters = Array.from({ length: 6 }, () => String.fromCodePoint(97 + randomInt(26))).join('')
  return `r${String(nowMs).padStart(13, '0')}-${letters}`
}
