/** A journal as it lies on the disk: lines of JSON, each behind its checksum. */
import { createHash } from 'node:crypto'
import { readFileSync, truncateSync } from 'node:fs'
import type { Logger } from 'pino'
import type { JobEvent } from '../../proto/job.ts'

/** A journal is of one boot: what a power cut took from its end would otherwise be numbered twice. */
export interface Header {
  readonly kind: 'journal'
  readonly id: string
  readonly bootId: string
  /** The last number that was acknowledged when this file was begun. */
  readonly acknowledged: number
}

/** One line of the file. */
export type Line = Header | ({ readonly kind: 'event' } & JobEvent) | Acknowledged
interface Acknowledged {
  readonly kind: 'acknowledged'
  readonly seq: number
}

interface ReadJournal {
  readonly id: string
  readonly events: JobEvent[]
  readonly acknowledged: number
  readonly lastSeq: number
}

/** What the file holds. Undefined when numbering has to begin anew: no file, no header, another boot, damage, a gap. */
export function readJournal(file: string, bootId: string, log: Logger): ReadJournal | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  const { lines, goodBytes } = parseJournal(text)
  const [header, ...rest] = lines
  const torn = Buffer.from(text).subarray(goodBytes)
  // What a process that was killed in the middle of a write leaves has no line end. Anything else is damage.
  if (torn.includes('\n')) {
    log.warn({ file, goodBytes }, 'journal damaged, begun anew')
    return undefined
  }
  if (header?.kind !== 'journal' || header.bootId !== bootId) return undefined
  if (torn.length > 0) {
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

/** A line as it stands in the file, with its checksum before it. */
export function lineText(line: Line): string {
  const body = JSON.stringify(line)
  return `${checksum(body)} ${body}\n`
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
