import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from '../../support/properties.ts'
import {
  isOpen,
  jobStages,
  judge,
  openStages,
  submitting,
  type LifeWord,
} from '../../../proto/job-life.ts'

const processes = [1, 2].map((pid) => ({ pid, startTicks: '7', bootId: 'b' }))
const word: fc.Arbitrary<LifeWord> = fc.oneof(
  fc.constantFrom(...jobStages.filter((stage) => stage !== 'running')).map((kind) => ({ kind })),
  fc.constantFrom(...processes).map((process) => ({ kind: 'running' as const, process })),
)

/** What is known after each word, as everybody who keeps a job does it. */
function livesThrough(words: readonly LifeWord[]): readonly LifeWord[] {
  const known: LifeWord[] = [submitting]
  for (const said of words) {
    const last = known.at(-1) ?? submitting
    known.push(judge(last, said) === 'refused' ? last : said)
  }
  return known
}

test('judge() lets a job go on to one end, and never back', () => {
  const ends = jobStages.filter((stage) => !isOpen(stage))
  assert.deepEqual(openStages, ['waiting', 'submitting', 'queued', 'running'])
  assert.equal(ends.length, 6)
  for (const [at, kind] of openStages.entries()) {
    for (const before of openStages.slice(0, at))
      assert.equal(judge({ kind }, { kind: before }), 'refused')
  }
  for (const kind of ends)
    for (const later of jobStages) assert.equal(judge({ kind }, { kind: later }), 'refused')
})

test('judge() lets a job that waits for its host be sent, or end without it', () => {
  const follows = jobStages.filter((kind) => judge({ kind: 'waiting' }, { kind }) === 'step')
  assert.deepEqual(follows.toSorted(), ['cancelled', 'expired', 'lost', 'submitting'])
})

test('judge() lets no job expire that was sent', () => {
  for (const kind of ['submitting', 'queued', 'running'] as const) {
    assert.equal(judge({ kind }, { kind: 'expired' }), 'refused')
    for (const end of ['succeeded', 'failed', 'timed_out', 'cancelled', 'lost'] as const)
      assert.equal(judge({ kind }, { kind: end }), 'step')
  }
})

test('judge() refuses a second process under the same id', () => {
  const [one, two] = processes.map((process) => ({ kind: 'running' as const, process }))
  assert.ok(one && two)
  assert.equal(judge(one, one), 'same')
  assert.equal(judge(one, two), 'refused')
})

test('judge() allows one end and one process in any order of words', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), (words) => {
      const known = livesThrough(words)
      const first = known.findIndex(({ kind }) => !isOpen(kind))
      if (first >= 0) assert.ok(known.slice(first).every((each) => each === known[first]))
      const seen = new Set(known.flatMap(({ process }) => process?.pid ?? []))
      assert.ok(seen.size <= 1)
    }),
  )
})

test('judge() makes words that are said again change nothing', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), fc.nat(8), (words, from) => {
      const replayed = livesThrough([...words, ...words.slice(from)])
      assert.deepEqual(replayed.at(-1), livesThrough(words).at(-1))
    }),
  )
})
