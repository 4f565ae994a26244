import type { OutputPiece } from '../../../proto/control.ts'
import type { OutputStream } from '../../../proto/job.ts'
import type { RunEvent } from '../../../proto/run.ts'
import { foldLines, type HostLine } from './fold-lines.ts'
import { hostPattern } from './host-pattern.ts'
import { hostOf, JobGroups, type LiveJob } from './job-groups.ts'
import { TextLines } from './text-lines.ts'
import { withoutOutput } from './without-output.ts'

export interface LiveRunOptions extends LiveTimes {
  /** The output of a job from its beginning to its end. */
  readonly read: (jobId: string) => AsyncIterable<OutputPiece>
  readonly printEvent: (event: RunEvent) => Promise<void>
  readonly printLine: (line: string, stream: OutputStream) => Promise<void>
  /** Prints output as it comes, in place of lines; results then keep theirs. */
  readonly printPiece?: (piece: OutputPiece) => Promise<void>
}

interface LiveTimes {
  readonly nowMs?: () => number
  /** How long lines wait for other hosts to print the same. Default 200 ms. */
  readonly foldMs?: number
  /** How long a line without an end is waited for. Default 1000 ms. */
  readonly openLineMs?: number
  /** How long an event waits for the output that it comes after. Default 3000 ms. */
  readonly patienceMs?: number
}

interface HeldEvent {
  readonly event: RunEvent
  readonly after: readonly LiveJob[]
  readonly untilMs: number
}

interface HeldLine extends HostLine {
  readonly job: LiveJob
}

/** More than this is not held back for the sake of folding. */
const mostHeld = 20_000

const streams = ['stdout', 'stderr'] as const

/**
 * Shows a run with the output of its jobs while they write it: below the heading of their task, before the result of
 * their host, identical lines of many hosts once. The lines and events of one host stay in order.
 */
export class LiveRun implements AsyncDisposable {
  readonly #options: Omit<LiveRunOptions, keyof LiveTimes>
  readonly #times: Required<LiveTimes>
  readonly #groups = new JobGroups()
  readonly #readers = new Map<LiveJob, Promise<void>>()
  readonly #texts = new Map<LiveJob, Record<OutputStream, TextLines>>()
  readonly #events: HeldEvent[] = []
  #lines: HeldLine[] = []
  #task = ''
  #timer: NodeJS.Timeout | undefined
  #dueMs = Infinity
  #flushing: Promise<void> = Promise.resolve()
  #error: unknown

  constructor(options: LiveRunOptions) {
    this.#options = options
    const { nowMs = () => performance.now(), foldMs = 200, openLineMs = 1000 } = options
    this.#times = { nowMs, foldMs, openLineMs, patienceMs: options.patienceMs ?? 3000 }
  }

  /** Takes the next event of the run; it is printed in its turn. */
  async push(event: RunEvent): Promise<void> {
    const { nowMs, patienceMs } = this.#times
    const { body, seq } = event
    if (body.kind === 'job_started' && body.hasOutput) {
      const { jobId, host, task } = body
      const job = { jobId, host, task, seq, isOver: false, isIncomplete: false }
      this.#groups.add(job)
      this.#readers.set(job, this.#follow(job))
    }
    this.#events.push({ event, after: this.#groups.take(event), untilMs: nowMs() + patienceMs })
    this.#schedule()
    // A run is not read faster than it is printed.
    if (this.#events.length > mostHeld) await this.#flush()
    if (this.#error !== undefined) throw this.#error
  }

  /** Prints what is still to be printed, the output of jobs that go on excepted. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#flush()
    for (let [first] = this.#events; first && this.#error === undefined; [first] = this.#events) {
      await this.#overOrLate(first)
      await this.#flush()
    }
    clearTimeout(this.#timer)
    this.#dueMs = -Infinity
  }

  async #follow(job: LiveJob): Promise<void> {
    try {
      for await (const piece of this.#options.read(job.jobId)) {
        if (piece.error !== undefined || piece.droppedBytes > 0) job.isIncomplete = true
        if (piece.data.length > 0) await this.#take(job, piece)
      }
    } catch {
      job.isIncomplete = true // the result tells what it printed
    }
    for (const stream of streams) {
      this.#hold(job, stream, this.#texts.get(job)?.[stream].rest() ?? [])
    }
    this.#texts.delete(job)
    job.isOver = true
    this.#readers.delete(job)
    this.#schedule()
  }

  async #take(job: LiveJob, piece: OutputPiece): Promise<void> {
    const { stream, data } = piece
    if (this.#options.printPiece) return this.#options.printPiece(piece)
    const texts = this.#texts.get(job) ?? { stdout: new TextLines(), stderr: new TextLines() }
    this.#texts.set(job, texts)
    this.#hold(job, stream, texts[stream].add(data, this.#times.nowMs()))
    this.#schedule()
    // No more is read than can be shown.
    if (this.#lines.length > mostHeld) await this.#flush()
  }

  #hold(job: LiveJob, stream: OutputStream, lines: readonly string[]): void {
    const { host, task } = job
    for (const text of lines) this.#lines.push({ host, kind: `${stream} ${task}`, text, job })
  }

  /** Sees to it that what came is printed in time. */
  #schedule(): void {
    const { foldMs } = this.#times
    const isHeld = this.#lines.length > 0 || this.#events.length > 0
    const held = isHeld ? this.#times.nowMs() + (this.#canFold() ? foldMs : 0) : Infinity
    this.#flushAt(Math.min(held, this.#nextMs()))
  }

  /** When an event has waited long enough, or a line without an end. */
  #nextMs(): number {
    const open = this.#openLines().map(({ sinceMs }) => sinceMs + this.#times.openLineMs)
    return Math.min(this.#events[0]?.untilMs ?? Infinity, ...open)
  }

  #flushAt(dueMs: number): void {
    if (dueMs >= this.#dueMs) return
    clearTimeout(this.#timer)
    this.#dueMs = dueMs
    const waitMs = Math.max(0, dueMs - this.#times.nowMs())
    this.#timer = setTimeout(() => void this.#flush(), waitMs)
  }

  /** Several hosts are at work, and nothing waits that comes after all of them. */
  #canFold(): boolean {
    if (this.#lines.length > mostHeld) return false
    if (this.#events.some(({ event }) => hostOf(event.body) === undefined)) return false
    const hosts = new Set(this.#lines.map(({ host }) => host))
    for (const { host } of this.#readers.keys()) hosts.add(host)
    return hosts.size > 1
  }

  #openLines() {
    return Array.from(this.#texts).flatMap(([job, texts]) =>
      streams.flatMap((stream) => {
        const sinceMs = texts[stream].openSinceMs
        return sinceMs === undefined ? [] : [{ job, stream, text: texts[stream], sinceMs }]
      }),
    )
  }

  /** Prints what may be printed now; one at a time. */
  #flush(): Promise<void> {
    this.#flushing = this.#flushing
      .then(() => this.#printAll())
      .catch((error: unknown) => {
        this.#error ??= error
      })
    return this.#flushing
  }

  async #printAll(): Promise<void> {
    const { nowMs, openLineMs } = this.#times
    clearTimeout(this.#timer)
    this.#dueMs = Infinity
    for (const { job, stream, text, sinceMs } of this.#openLines()) {
      if (nowMs() - sinceMs >= openLineMs) this.#hold(job, stream, text.rest())
    }
    do await this.#printLines()
    while (await this.#printEvents())
    // What could not be printed waits for a job to be read, which tells so itself, or for its time.
    this.#flushAt(this.#nextMs())
  }

  async #printLines(): Promise<void> {
    const isFree = this.#freedom()
    const now = this.#lines.filter(({ job }) => isFree(job))
    if (now.length === 0) return
    this.#lines = this.#lines.filter(({ job }) => !isFree(job))
    for (const { hosts, kind, text } of foldLines(now)) {
      const stream = kind.startsWith('stderr ') ? 'stderr' : 'stdout'
      const task = kind.slice(stream.length + 1)
      const where = task === this.#task ? '' : ` (${task})`
      const mark = stream === 'stderr' ? ' stderr' : ''
      await this.#options.printLine(`${hostPattern(hosts)}${where}${mark}: ${text}`, stream)
    }
  }

  /** Whether the lines of a job may be printed: events that came before it, of its host or of all, come first. */
  #freedom(): (job: LiveJob) => boolean {
    const ofAll = this.#events.find(({ event }) => hostOf(event.body) === undefined)
    const first = new Map<string, number>()
    for (const { event } of this.#events) {
      const host = hostOf(event.body)
      if (host !== undefined && !first.has(host)) first.set(host, event.seq)
    }
    return ({ host, seq }) =>
      seq < (ofAll?.event.seq ?? Infinity) && seq <= (first.get(host) ?? Infinity)
  }

  /** Prints events in order up to one that has to wait; true when there was one to print. */
  async #printEvents(): Promise<boolean> {
    let hasPrinted = false
    for (let [held] = this.#events; held && this.#isReady(held); [held] = this.#events) {
      this.#events.shift()
      const { event, after } = held
      if (event.body.kind === 'task_started') this.#task = event.body.task
      await this.#options.printEvent(this.#wasShown(after) ? withoutOutput(event) : event)
      hasPrinted = true
      // The lines of the next task come before its results.
      if (event.body.kind === 'job_started') break
    }
    return hasPrinted
  }

  #wasShown(jobs: readonly LiveJob[]): boolean {
    if (this.#options.printPiece || jobs.length === 0) return false
    return jobs.every((job) => job.isOver && !job.isIncomplete)
  }

  #isReady({ after, untilMs }: HeldEvent): boolean {
    if (this.#times.nowMs() >= untilMs) return true
    const waiting = new Set(this.#lines.map(({ job }) => job))
    return after.every((job) => job.isOver && !waiting.has(job))
  }

  /** Resolves when the output that an event comes after is there, or when it has waited long enough. */
  async #overOrLate({ after, untilMs }: HeldEvent): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.max(0, untilMs - this.#times.nowMs()))
    })
    const over = Promise.all(after.flatMap((job) => this.#readers.get(job) ?? []))
    await Promise.race([over, late])
    clearTimeout(timer)
  }
}
