/** The numbered events of this agent, on disk until the controller has acknowledged them. */
import { createHash, randomUUID } from 'node:crypto'
import {
  closeSync,
  fdatasync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { Logger } from 'pino'
import type { JobEvent, JobReport } from '../../proto/job.ts'

/** A journal is of one boot: what a power cut took from its end would otherwise be numbered twice. */
interface Header {
  readonly kind: 'journal'
  readonly id: string
  readonly bootId: string
  /** The last number that was acknowledged when this file was begun. */
  readonly acknowledged: number
}

type Line = Header | ({ readonly kind: 'event' } & JobEvent) | Acknowledged
interface Acknowledged {
  readonly kind: 'acknowledged'
  readonly seq: number
}

export interface JournalOptions {
  readonly file: string
  readonly bootId: string
  readonly log: Logger
  /** Acknowledged events that may lie in the file before it is written anew. Default 500. */
  readonly compactAfter?: number
}

/** Appends, replays and forgets events. One process has it open. */
export class Journal {
  /** Changes when numbering begins anew: a controller that knows another id starts from 0. */
  readonly id: string
  /** True when this journal was begun now: every job in the spool has to be told again. */
  readonly isNew: boolean
  readonly #file: string
  readonly #bootId: string
  readonly #log: Logger
  readonly #compactAfter: number
  readonly #listeners = new Set<() => void>()
  #events: JobEvent[]
  #lastSeq: number
  #acknowledged: number
  #inFile: number
  #fd: number
  #sync: 'idle' | 'running' | 'again' = 'idle'

  constructor({ file, bootId, log, compactAfter = 500 }: JournalOptions) {
    const read = readJournal(file, bootId, log)
    this.#file = file
    this.#bootId = bootId
    this.#log = log
    this.#compactAfter = compactAfter
    this.id = read?.id ?? randomUUID()
    this.isNew = read === undefined
    this.#events = read?.events ?? []
    this.#acknowledged = read?.acknowledged ?? 0
    this.#lastSeq = this.#events.at(-1)?.seq ?? read?.lastSeq ?? 0
    this.#inFile = this.#events.length
    this.#fd = read ? openSync(file, 'a', 0o600) : this.#begin()
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
    this.#write({ kind: 'event', ...event })
    this.#lastSeq = event.seq
    this.#events.push(event)
    for (const listener of this.#listeners) listener()
    return event
  }

  /** The first event after `seq` that is still kept. */
  next(seq: number): JobEvent | undefined {
    const first = this.#events[0]
    if (!first) return undefined
    return this.#events[Math.max(0, seq + 1 - first.seq)]
  }

  /** Drops all events up to and with `seq`: the controller has stored them. */
  acknowledge(seq: number): void {
    const upTo = Math.min(seq, this.#lastSeq)
    if (upTo <= this.#acknowledged) return
    this.#acknowledged = upTo
    const keep = this.#events.findIndex((event) => event.seq > upTo)
    this.#events = keep < 0 ? [] : this.#events.slice(keep)
    if (this.#inFile - this.#events.length >= this.#compactAfter) this.#compact()
    else this.#write({ kind: 'acknowledged', seq: upTo })
  }

  /** Whether the controller has stored the event with this number. */
  isAcknowledged(seq: number): boolean {
    return seq <= this.#acknowledged
  }

  /** Calls `listener` after each append until the returned function is called. */
  onAppend(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  [Symbol.dispose](): void {
    if (this.#fd < 0) return
    fsyncSync(this.#fd)
    closeSync(this.#fd)
    this.#fd = -1
  }

  #write(line: Line): void {
    try {
      writeSync(this.#fd, lineText(line))
    } catch (err) {
      // A full disk. The event is told now all the same, and told again after a restart from the job's folder.
      this.#log.warn({ err }, 'journal not written')
      return
    }
    if (line.kind === 'event') this.#inFile += 1
    this.#syncSoon()
  }

  /** One sync at a time serves all that was written before it began. */
  #syncSoon(): void {
    if (this.#sync !== 'idle') {
      this.#sync = 'again'
      return
    }
    this.#sync = 'running'
    fdatasync(this.#fd, () => {
      const isWanted = this.#sync === 'again' && this.#fd >= 0
      this.#sync = 'idle'
      if (isWanted) this.#syncSoon()
    })
  }

  #compact(): void {
    const old = this.#fd
    try {
      this.#fd = this.#begin()
      closeSync(old)
      this.#inFile = this.#events.length
    } catch (err) {
      this.#fd = old
      this.#log.warn({ err }, 'journal not compacted')
    }
  }

  /** Writes the file anew beside its place: a header and what still waits. */
  #begin(): number {
    const draft = `${this.#file}.new`
    const fd = openSync(draft, 'w', 0o600)
    const header: Header = {
      kind: 'journal',
      id: this.id,
      bootId: this.#bootId,
      acknowledged: this.#lastSeq - this.#events.length,
    }
    const events = this.#events.map((event): Line => ({ kind: 'event', ...event }))
    writeSync(fd, [header, ...events].map(lineText).join(''))
    fsyncSync(fd)
    closeSync(fd)
    renameSync(draft, this.#file)
    syncFolder(dirname(this.#file))
    return openSync(this.#file, 'a', 0o600)
  }
}

function syncFolder(dir: string): void {
  const fd = openSync(dir, 'r')
  fsyncSync(fd)
  closeSync(fd)
}

interface ReadJournal {
  readonly id: string
  readonly events: JobEvent[]
  readonly acknowledged: number
  readonly lastSeq: number
}

/** What the file holds. Undefined when numbering has to begin anew: no file, no header, another boot, a gap. */
function readJournal(file: string, bootId: string, log: Logger): ReadJournal | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  const { lines, goodBytes } = parseJournal(text)
  const [header, ...rest] = lines
  if (header?.kind !== 'journal' || header.bootId !== bootId) return undefined
  if (goodBytes < Buffer.byteLength(text)) {
    log.warn({ file, goodBytes }, 'journal had a torn end, cut off')
    truncateSync(file, goodBytes)
  }
  let { acknowledged } = header
  let lastSeq = acknowledged
  const events: JobEvent[] = []
  for (const line of rest) {
    if (line.kind === 'acknowledged') acknowledged = Math.max(acknowledged, line.seq)
    if (line.kind !== 'event') continue
    if (line.seq !== lastSeq + 1) return undefined
    lastSeq = line.seq
    const { kind: _kind, ...event } = line
    events.push(event)
  }
  const waiting = events.filter((event) => event.seq > acknowledged)
  return { id: header.id, events: waiting, acknowledged, lastSeq }
}

/** The whole lines at the front of a journal's text. What follows the first damaged one cannot be trusted. */
function parseJournal(text: string): {
  readonly lines: readonly Line[]
  readonly goodBytes: number
} {
  const lines: Line[] = []
  let goodBytes = 0
  for (const raw of text.split('\n').slice(0, -1)) {
    const body = raw.slice(17)
    if (raw.charAt(16) !== ' ' || raw.slice(0, 16) !== checksum(body)) break
    lines.push(JSON.parse(body) as Line)
    goodBytes += Buffer.byteLength(raw) + 1
  }
  return { lines, goodBytes }
}

function lineText(line: Line): string {
  const body = JSON.stringify(line)
  return `${checksum(body)} ${body}\n`
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
