import type { FileHandle } from 'node:fs/promises'
import { limits } from '../../proto/limits.ts'

const lineEnd = 10

/** Where the last `lines` lines of the first `end` bytes begin; what comes after the last line end is a line too. */
export async function tailOffset(file: FileHandle, end: number, lines: number): Promise<number> {
  if (lines === 0) return end
  const buffer = Buffer.alloc(Math.min(limits.chunkBytes, end))
  let found = 0
  for (let to = end; to > 0;) {
    const from = Math.max(0, to - buffer.length)
    const { bytesRead } = await file.read(buffer, 0, to - from, from)
    const part = buffer.subarray(0, bytesRead)
    for (let at = part.lastIndexOf(lineEnd); at >= 0; at = lastBefore(part, at)) {
      // The one that ends the last line begins none.
      if (from + at === end - 1) continue
      found += 1
      if (found === lines) return from + at + 1
    }
    to = from
  }
  return 0
}

function lastBefore(part: Buffer, at: number): number {
  return at === 0 ? -1 : part.lastIndexOf(lineEnd, at - 1)
}
