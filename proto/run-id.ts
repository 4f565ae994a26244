import { randomInt } from 'node:crypto'
import type { RunId } from './run.ts'

/** `r`, 13 digits of milliseconds, a dash, 6 random letters: sorts by time. */
export function newRunId(nowMs: number): RunId {
  const letters = Array.from({ length: 6 }, () => String.fromCodePoint(97 + randomInt(26))).join('')
  return `r${String(nowMs).padStart(13, '0')}-${letters}`
}

/** Whether a text is one that {@link newRunId} could have made. */
export function isRunId(text: string): boolean {
  return /^r\d{13}-[a-z]{6}$/u.test(text)
}
