/** The numbered events of this agent, on disk until the controller has acknowledged them. */
import { randomUUID } from 'node:crypto'
import {
  closeSync,
  fdatasync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { Logger } from 'pino'
import type { JobEvent, JobReport } from '../../proto/job.ts'
import { AppendFile } from './append-file.ts'
import { lineText, readJournal, type Header, type Line } from './journal-file.ts'

export interface JournalOptions {
  readonly file: string
  readonly bootId: string
  readonly log: Logger
  /** Acknowledged events that may lie in the file before it is written anew. Default 500. */
  readonly compactAfter?: number
}

/** Appends, replays and forgets events. One process has it open. */
export class Journal {
  readonly #file: string
  readonly #bootId: string
  readonly #log: Logger
  readonly #compactAfter: number
  readonly #listeners = new Set<() => void>()
  #id: string
  #isNew: boolean
  #events: JobEvent[]
  #lastSeq: number
  #acknowledged: number
  #inFile: number
  /** The highest number that a controller can know: of those read from the file, or told since. */
  #knownSeq: number
  /** Events that a full disk keeps out of the file, oldest first. */
  #unwritten: JobEvent[] = []
  #isBehind = false
  /** Undefined while the file could not be begun. */
  #lines: AppendFile | undefined
  #sync: 'idle' | 'running' | 'again' = 'idle'

  constructor({ file, bootId, log, compactAfter = 500 }: JournalOptions) {
    const read = readJournal(file, bootId, log)
    this.#file = file
    this.#bootId = bootId
    this.#log = log
    this.#compactAfter = compactAfter
    this.#id = read?.id ?? randomUUID()
    this.#isNew = read === undefined
    this.#events = read?.events ?? []
    this.#acknowledged = read?.acknowledged ?? 0
    this.#lastSeq = read?.lastSeq ?? 0
    this.#knownSeq = read?.lastSeq ?? Infinity
    this.#inFile = this.#events.length
    if (read) this.#lines = new AppendFile(file)
    else this.mend()
  }

  /** Changes when numbering begins anew: a controller that knows another id starts from 0. */
  get id(): string {
    return this.#id
  }

  /** True when this journal was begun by this process: every job in the spool has to be told again. */
  get isNew(): boolean {
    return this.#isNew
  }

  /** Events that wait for their acknowledgement, oldest first. */
  get waiting(): readonly JobEvent[] {
    return this.#events
  }

  get lastSeq(): number {
    return this.#lastSeq
  }

  /** Writes an event down and tells the listeners. It survives this process at once, a power cut a moment later. */
  append(report: JobReport): JobEvent {
    const event: JobEvent = { seq: this.#lastSeq + 1, atMs: Date.now(), report }
    this.#lastSeq = event.seq
    this.#events.push(event)
    this.#unwritten.push(event)
    this.mend()
    for (const listener of this.#listeners) listener()
    return event
  }

  /** The first event after `seq` that is still kept; it counts as told. */
  next(seq: number): JobEvent | undefined {
    const first = this.#events[0]
    const event = first && this.#events[Math.max(0, seq + 1 - first.seq)]
    if (event) this.#knownSeq = Math.max(this.#knownSeq, event.seq)
    return event
  }

  /** Drops all events up to and with `seq`: the controller has stored them. */
  acknowledge(seq: number): void {
    const upTo = Math.min(seq, this.#lastSeq)
    if (upTo <= this.#acknowledged) return
    this.#acknowledged = upTo
    const keep = this.#events.findIndex((event) => event.seq > upTo)
    this.#events = keep < 0 ? [] : this.#events.slice(keep)
    if (this.#inFile - this.#events.length >= this.#compactAfter) this.#compact()
    else this.#writeAcknowledged(upTo)
  }

  /** Whether the controller has stored the event with this number. */
  isAcknowledged(seq: number): boolean {
    return seq <= this.#acknowledged
  }

  /**
   * Whether a controller that has stored events up to `seq` knows events that were told by an earlier process and
   * never came into the file. Their numbers would be given twice, and the second event under one taken for the first.
   */
  hasLost(seq: number): boolean {
    return seq > this.#knownSeq
  }

  /** Begins numbering anew, under another id. Every job has to be told again. */
  beginAnew(): void {
    this.#id = randomUUID()
    this.#isNew = true
    this.#events = []
    this.#unwritten = []
    this.#lastSeq = 0
    this.#acknowledged = 0
    this.#knownSeq = Infinity
    this.#lines?.[Symbol.dispose]()
    this.#lines = undefined
    this.mend()
  }

  /** Writes what a full disk kept out of the file, as far as it does no more. */
  mend(): void {
    try {
      this.#lines ??= this.#begin()
      for (let event = this.#unwritten[0]; event; event = this.#unwritten[0]) {
        this.#lines.append(lineText({ kind: 'event', ...event }))
        this.#unwritten.shift()
        this.#inFile += 1
        this.#syncSoon(this.#lines)
      }
      if (this.#isBehind) this.#log.info('journal written again')
      this.#isBehind = false
    } catch (err) {
      // The event is told all the same; after a restart it is told again, from the job's folder.
      if (!this.#isBehind) this.#log.warn({ err }, 'journal not written')
      this.#isBehind = true
    }
  }

  /** Calls `listener` after each append until the returned function is called. */
  onAppend(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  [Symbol.dispose](): void {
    if (!this.#lines) return
    fsyncSync(this.#lines.fd)
    this.#lines[Symbol.dispose]()
    this.#lines = undefined
  }

  /** One that is not written is made up for by the next, or by the controller's first word after a restart. */
  #writeAcknowledged(seq: number): void {
    try {
      if (this.#unwritten.length > 0 || !this.#lines) return
      this.#lines.append(lineText({ kind: 'acknowledged', seq }))
      this.#syncSoon(this.#lines)
    } catch (err) {
      this.#log.debug({ err }, 'acknowledgement not written')
    }
  }

  /** One sync at a time serves all that was written before it began. */
  #syncSoon(lines: AppendFile): void {
    if (this.#sync !== 'idle') {
      this.#sync = 'again'
      return
    }
    this.#sync = 'running'
    fdatasync(lines.fd, () => {
      const isWanted = this.#sync === 'again'
      this.#sync = 'idle'
      if (isWanted && this.#lines) this.#syncSoon(this.#lines)
    })
  }

  #compact(): void {
    const old = this.#lines
    try {
      this.#lines = this.#begin()
      old?.[Symbol.dispose]()
    } catch (err) {
      this.#log.warn({ err }, 'journal not compacted')
    }
  }

  /** Writes the file anew beside its place: a header and what still waits. */
  #begin(): AppendFile {
    const draft = `${this.#file}.new`
    const header: Header = {
      kind: 'journal',
      id: this.#id,
      bootId: this.#bootId,
      acknowledged: this.#lastSeq - this.#events.length,
    }
    const events = this.#events.map((event): Line => ({ kind: 'event', ...event }))
    try {
      writeFileSync(draft, [header, ...events].map(lineText).join(''), { mode: 0o600, flush: true })
      renameSync(draft, this.#file)
    } catch (error) {
      rmSync(draft, { force: true }) // a full disk needs the space
      throw error
    }
    syncFolder(dirname(this.#file))
    this.#inFile = this.#events.length
    this.#unwritten = []
    return new AppendFile(this.#file)
  }
}

function syncFolder(dir: string): void {
  const fd = openSync(dir, 'r')
  fsyncSync(fd)
  closeSync(fd)
}
