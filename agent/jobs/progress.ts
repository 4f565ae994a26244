/** What running jobs print of their progress, read from the end of their output when somebody asks. */
import { open } from 'node:fs/promises'
import type { JobProgress, OutputStream, ProgressStyle } from '../../proto/job.ts'
import type { JobEntry } from './job-entry.ts'

interface Word {
  readonly percent: number
  readonly text: string
  /** When the file was last written, the word being new then. */
  readonly atMs: number
}

/** What is remembered of a stream between two questions. */
interface Seen {
  /** Up to here it was read; the beginning of a line. */
  readonly offset: number
  readonly word: Word | undefined
}

/** More than this is not read at once: an earlier word does not matter any more. */
const mostBytes = 256 * 1024

const longestText = 200

/** Reads of each job only what was written since the last question. */
export class ProgressReader {
  readonly #seen = new WeakMap<JobEntry, Readonly<Record<OutputStream, Seen>>>()

  /** Undefined when the job does not run or has said nothing. */
  async read(entry: JobEntry, style: ProgressStyle): Promise<JobProgress | undefined> {
    const { life, folder } = entry
    if (life.kind !== 'running') return undefined
    const nothing: Seen = { offset: 0, word: undefined }
    const before = this.#seen.get(entry) ?? { stdout: nothing, stderr: nothing }
    const seen = {
      stdout: await look(folder.stdout, before.stdout, style),
      stderr: await look(folder.stderr, before.stderr, style),
    }
    this.#seen.set(entry, seen)
    const word = later(seen.stdout.word, seen.stderr.word)
    if (!word) return undefined
    const { percent, text, atMs } = word
    return {
      jobId: folder.jobId,
      percent,
      text,
      elapsedMs: Math.max(0, Math.round(atMs - life.startedAtMs)),
      ageMs: Math.max(0, Math.round(Date.now() - atMs)),
    }
  }
}

function later(one: Word | undefined, other: Word | undefined): Word | undefined {
  if (!one || !other) return one ?? other
  return other.atMs > one.atMs ? other : one
}

async function look(file: string, before: Seen, style: ProgressStyle): Promise<Seen> {
  try {
    await using handle = await open(file, 'r')
    const { size, mtimeMs } = await handle.stat()
    // Cut off at the quota: what is left is old.
    if (size < before.offset) return { ...before, offset: size }
    const from = Math.max(before.offset, size - mostBytes)
    if (size === from) return before
    const buffer = Buffer.allocUnsafe(size - from)
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, from)
    const bytes = buffer.subarray(0, bytesRead)
    const end = Math.max(bytes.lastIndexOf('\n'), bytes.lastIndexOf('\r')) + 1
    const said = lastProgress(bytes.toString('utf8', 0, end), style)
    return { offset: from + end, word: said ? { ...said, atMs: mtimeMs } : before.word }
  } catch {
    return before // gone with its job, or cannot be read: nothing new is known
  }
}

/** The last line of a text that speaks of progress. A carriage return ends a line as well: so do progress bars. */
export function lastProgress(
  text: string,
  style: ProgressStyle,
): { readonly percent: number; readonly text: string } | undefined {
  for (const line of text.split(/[\n\r]+/u).toReversed()) {
    const said = style === 'lines' ? inWords(line) : atEnd(line)
    if (said && said.percent <= 100) return { ...said, text: plain(said.text) }
  }
  return undefined
}

function inWords(line: string) {
  const found = /^errand: progress (\d{1,3}(?:\.\d+)?)%(?:\s+(.*))?$/u.exec(line)
  return found && { percent: Number(found[1]), text: found[2] ?? '' }
}

function atEnd(line: string) {
  const found = /^(.*?)(?<![\d.])(\d{1,3}(?:\.\d+)?)\s?%\s*$/u.exec(line)
  return found && { percent: Number(found[2]), text: found[1] ?? '' }
}

/** For one line of a table: nothing that moves a cursor. */
function plain(text: string): string {
  return text
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, longestText)
}
