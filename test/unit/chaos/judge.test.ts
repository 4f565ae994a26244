import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expectedBytes, readOwnWord } from '../../chaos/job-program.ts'
import { judge, type Case, type Row } from '../../chaos/judge.ts'
import type { PlannedJob } from '../../chaos/plan.ts'

const job: PlannedJob = {
  number: 7,
  host: 2,
  fate: 'ends',
  limitSeconds: 900,
  steps: 2,
  linesPerStep: 4,
  isBinary: false,
  exitCode: 3,
  tree: 'plain',
}

const row: Row = {
  jobId: 'j1',
  host: 'chaos2',
  labels: { chaos: '7' },
  state: 'failed',
  createdAtMs: 1_000_000,
  exitCode: 3,
  stdoutBytes: 640,
  stderrBytes: 160,
  droppedBytes: 0,
}

const stdout = expectedBytes(job, { stream: 'stdout', length: 640 })
const stderr = expectedBytes(job, { stream: 'stderr', length: 160 })
const begun = 'start boot-1\nwrote 4 1\n'
const word = readOwnWord(`${begun}wrote 8 2\nend 3 1001.5\n`)
const good: Case = {
  job,
  rows: [row],
  word,
  bootId: 'boot-1',
  powerCuts: [],
  logs: { stdout, stderr },
}
const lost: Case = {
  ...good,
  rows: [{ ...row, state: 'lost' }],
  word: readOwnWord(begun),
  bootId: 'boot-2',
  powerCuts: [{ host: 2, fromMs: 1_000_900, toMs: 1_001_000 }],
}
const endedAs = (state: string): Case => ({ ...good, rows: [{ ...row, state }] })

test('judge() finds nothing wrong with what is right', () => {
  const fine = { wrongEnd: undefined, doubleRun: undefined, lostBytes: undefined }
  assert.deepEqual(judge(good), fine)
  assert.deepEqual(judge(lost), fine)
  const timedOut = { ...endedAs('timed_out'), job: { ...job, fate: 'times out' as const } }
  assert.deepEqual(judge(timedOut), fine)
  const unsent = { ...good, rows: [], word: readOwnWord('') }
  assert.deepEqual(judge(unsent), fine)
})

const wrongEnds: readonly (readonly [string, Case])[] = [
  ['another end', endedAs('succeeded')],
  ['no end', endedAs('running')],
  ['another exit code', { ...good, rows: [{ ...row, exitCode: 4 }] }],
  ['an end of a job that never began', { ...good, word: readOwnWord('') }],
  ['an end before its end', { ...good, word: readOwnWord(begun) }],
  ['a job that ran and is not in the record', { ...good, rows: [] }],
  ['no time-out', { ...good, job: { ...job, fate: 'times out' } }],
  ['no cancel', { ...good, job: { ...job, fate: 'is cancelled' } }],
  ['lost without a power cut', { ...lost, powerCuts: [] }],
  [
    'lost by the power cut of another host',
    { ...lost, powerCuts: [{ host: 1, fromMs: 1_001_000, toMs: 1_001_000 }] },
  ],
  ['lost while its host went on', { ...lost, bootId: 'boot-1' }],
  [
    'lost long after its end',
    { ...lost, word, powerCuts: [{ host: 2, fromMs: 1_009_000, toMs: 1_009_000 }] },
  ],
]

for (const [what, entry] of wrongEnds) {
  test(`judge() sees ${what}`, () => assert.notEqual(judge(entry).wrongEnd, undefined))
}

test('judge() sees what ran twice', () => {
  const twice = { ...good, word: readOwnWord('start boot-1\nstart boot-1\n') }
  assert.equal(judge(twice).doubleRun, 'it was started 2 times')
  assert.equal(judge({ ...good, rows: [row, row] }).doubleRun, '2 jobs in the record')
})

const lostBytes: readonly (readonly [string, Case])[] = [
  ['a byte too few', { ...good, logs: { stdout: stdout.subarray(1), stderr } }],
  ['the end missing', { ...good, logs: { stdout: stdout.subarray(0, 639), stderr } }],
  ['another byte', { ...good, logs: { stdout: Buffer.alloc(640), stderr } }],
  ['bytes of a lost job missing', { ...lost, logs: { stdout: stdout.subarray(0, 319), stderr } }],
  ['a stream of another length than told', { ...good, rows: [{ ...row, stderrBytes: 161 }] }],
]

for (const [what, entry] of lostBytes) {
  test(`judge() sees ${what}`, () => assert.notEqual(judge(entry).lostBytes, undefined))
}
