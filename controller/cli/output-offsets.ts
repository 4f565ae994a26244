import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { JobOffset, OutputPiece } from '../../proto/control.ts'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'

/** How far the output of each job was read: who goes on from here gets every byte once. */
export class OutputOffsets {
  readonly #read = new Map<string, JobOffset>()

  /** For the next request. */
  get all(): JobOffset[] {
    return [...this.#read.values()]
  }

  /** Counts a piece; false when it was counted before. */
  count(piece: Counted): boolean {
    const { jobId, stream, isEnd } = piece
    const before = this.#read.get(jobId) ?? { jobId, stdout: 0, stderr: 0, isComplete: false }
    const next = nextOffset(piece)
    const isNew = isEnd ? !before.isComplete : next >= before[stream]
    // An output that could not be read may be read another time.
    const isComplete = before.isComplete || (isEnd && piece.error === undefined)
    this.#read.set(jobId, {
      ...before,
      [stream]: Math.max(before[stream], isEnd ? 0 : next),
      isComplete,
    })
    return isNew
  }

  /**
   * Counts the lines that `errand logs --json` wrote to a file; one that was not written to its end does not count.
   *
   * @returns Whether the file ends in the middle of a line.
   * @throws {ErrandError} `not_found`; `invalid` for a file of something else.
   */
  async countFile(file: string): Promise<boolean> {
    let last = ''
    try {
      const stream = createReadStream(file)
      const end = { isLine: true }
      stream.on('data', (data) => (end.isLine = data.at(-1) === 10 || data.at(-1) === '\n'))
      for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
        if (last !== '') this.count(countedLine(last, file))
        last = line
      }
      if (end.isLine && last !== '') this.count(countedLine(last, file))
      return !end.isLine
    } catch (cause) {
      if (cause instanceof ErrandError) throw cause
      throw new ErrandError('not_found', `${file} cannot be read: ${sentenceOf(cause)}`, { cause })
    }
  }
}

/** Where the next byte of the stream is after a piece. */
function nextOffset({ offset, data }: Pick<OutputPiece, 'offset' | 'data'>): number {
  return offset + data.length
}

type Counted = Pick<OutputPiece, 'jobId' | 'stream' | 'offset' | 'data' | 'isEnd' | 'error'>

/** A line that was broken off when its writer died, and that another one followed, is no piece either. */
function countedLine(line: string, file: string): Counted {
  const said = parsed(line)
  if (said === undefined) return { ...nothing }
  const { jobId, stream, next, isEnd = false, error } = said as Partial<LogLine>
  const isStream = stream === 'stdout' || stream === 'stderr'
  if (typeof jobId !== 'string' || !isStream || typeof next !== 'number') {
    throw new ErrandError('invalid', `${file} has a line that errand logs --json did not print`)
  }
  const data = new Uint8Array()
  return { jobId, stream, offset: next, data, isEnd, ...(error === undefined ? {} : { error }) }
}

const nothing: Counted = {
  jobId: '',
  stream: 'stdout',
  offset: 0,
  data: new Uint8Array(),
  isEnd: false,
}

function parsed(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** A piece as `errand logs --json` prints it. `next` is the offset to go on from; `data` is base64. */
export interface LogLine extends Omit<OutputPiece, 'data'> {
  readonly next: number
  readonly data: string
}

/** The line of a piece. */
export function logLine({ data, ...piece }: OutputPiece): LogLine {
  const { jobId, host, stream, offset, ...rest } = piece
  const next = nextOffset({ offset, data })
  return { jobId, host, stream, offset, next, ...rest, data: Buffer.from(data).toString('base64') }
}
