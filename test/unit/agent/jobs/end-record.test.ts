import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  endText,
  parseEnd,
  stateOfEnd,
  type EndRecord,
  startedBefore,
} from '../../../../agent/jobs/end-record.ts'

const shims: readonly (readonly [string, EndRecord | undefined])[] = [
  ['ended exit 0 .\n      ', { kind: 'ended', exit: { kind: 'exit', exitCode: 0 } }],
  ['ended exit 143 .\n', { kind: 'ended', exit: { kind: 'exit', exitCode: 143 } }],
  ['ended signal 9 .\n', { kind: 'ended', exit: { kind: 'signal', signal: 9 } }],
  ['timed_out signal 15 .\n', { kind: 'timed_out' }],
  ['cancelled exit 0 .\n', { kind: 'cancelled' }],
  ['ended exit 0', undefined],
  ['ended exit .\n', undefined],
  ['                ', undefined],
  ['', undefined],
]

for (const [text, end] of shims) {
  test(`parseEnd() of ${JSON.stringify(text)}`, () => {
    assert.deepEqual(parseEnd(text), end)
  })
}

test('parseEnd() reads what endText() writes, and nothing torn', () => {
  const end: EndRecord = { kind: 'lost', evidence: 'host rebooted at …' }
  assert.deepEqual(parseEnd(endText(end)), end)
  assert.equal(parseEnd(endText(end).slice(0, 12)), undefined)
})

test('stateOfEnd() never ends before it began, whatever the clock did', () => {
  const state = stateOfEnd({ kind: 'timed_out' }, { startedAtMs: 1000, endedAtMs: 10 })
  assert.deepEqual(state, { kind: 'timed_out', startedAtMs: 1000, endedAtMs: 1000 })
})

test('stateOfEnd() tells success, exit code, signal and start failure apart', () => {
  const times = { startedAtMs: 1, endedAtMs: 2 }
  const exit = (exitCode: number): EndRecord => ({
    kind: 'ended',
    exit: { kind: 'exit', exitCode },
  })
  assert.equal(stateOfEnd(exit(0), times).kind, 'succeeded')
  assert.deepEqual(stateOfEnd(exit(3), times), {
    kind: 'failed',
    failure: { kind: 'exit', exitCode: 3 },
    ...times,
  })
  const notStarted: EndRecord = { kind: 'not_started', errno: 'ENOENT', message: 'm' }
  assert.deepEqual(stateOfEnd(notStarted, times), {
    kind: 'failed',
    failure: { kind: 'start', errno: 'ENOENT', message: 'm' },
    ...times,
  })
})

test('parseEnd() reads what the job took, and knows a shim that did not get that far', () => {
  assert.deepEqual(parseEnd('ended exit 3 125 .\n   '), {
    kind: 'ended',
    exit: { kind: 'exit', exitCode: 3 },
    tookMs: 1250,
  })
  assert.deepEqual(parseEnd('timed_out signal 15 300 .\n'), { kind: 'timed_out', tookMs: 3000 })
  const failed = parseEnd('not_started exit 11 .\n')
  assert.equal(failed?.kind === 'not_started' && failed.errno, 'EAGAIN')
})

test('parseEnd() takes no JSON for an end that is none', () => {
  for (const text of [
    '{}',
    '{"kind":"odd"}',
    '{"kind":"lost"}',
    '{"kind":"ended"}',
    '{"kind":"ended","exit":{}}',
  ])
    assert.equal(parseEnd(text), undefined, text)
})

test('startedBefore() goes by what the job took where the clock was set while it ran', () => {
  const end = { kind: 'timed_out', tookMs: 10_000 } as const
  const at = (startedAtMs: number, endedAtMs: number) =>
    startedBefore(end, { startedAtMs, endedAtMs })
  assert.equal(at(1_000_000, 1_010_020), 1_000_000, 'as it was written')
  assert.equal(at(1_000_000, 90_000_000), 89_990_000, 'set forward')
  assert.equal(at(1_000_000, 500_000), 490_000, 'set back')
})
