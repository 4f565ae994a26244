import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judgeStarts, startMark } from '../../../../controller/runs/starts.ts'

/** Checkpoints of a run: `done` of it, then starts at these times. */
function after(
  starts: readonly number[],
  { isAlone = false, doneSince = 0 }: { isAlone?: boolean; doneSince?: number } = {},
) {
  const checkpoints = new Map([['t:1:web1#1', '']])
  for (const atMs of starts) {
    const { position, value } = startMark(checkpoints, { atMs, isAlone })
    checkpoints.set(position, value)
  }
  for (let n = 0; n < doneSince; n += 1) checkpoints.set(`t:2:web${n}#1`, '')
  return checkpoints
}

const nowMs = 10_000_000
const seconds = (count: number) => Array.from({ length: count }, (_, n) => nowMs - 1000 * (n + 1))

test('judgeStarts() takes ten starts in a row with nothing done for suspect', () => {
  assert.equal(judgeStarts(after(seconds(9)), nowMs), 'fine')
  assert.equal(judgeStarts(after(seconds(10)), nowMs), 'suspect')
})

test('judgeStarts() forgives what was long ago, and starts after which something was done', () => {
  assert.equal(judgeStarts(after(seconds(10)), nowMs + 600_000), 'fine')
  assert.equal(judgeStarts(after(seconds(10), { doneSince: 1 }), nowMs), 'fine')
})

test('judgeStarts() calls guilty what ended the controller alone, unless it got on', () => {
  assert.equal(judgeStarts(after(seconds(1), { isAlone: true }), nowMs), 'guilty')
  assert.equal(judgeStarts(after(seconds(1), { isAlone: true, doneSince: 1 }), nowMs), 'fine')
})
