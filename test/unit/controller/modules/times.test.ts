import assert from 'node:assert/strict'
import { test } from 'node:test'
import { duration, localTime } from '../../../../controller/modules/times.ts'

test('duration() prints a length of time as Python does', () => {
  assert.equal(duration(5120), '0:00:05.120000')
  assert.equal(duration(3_600_000), '1:00:00')
  assert.equal(duration(86_400_000), '1 day, 0:00:00')
  assert.equal(duration(2 * 86_400_000 + 61_001), '2 days, 0:01:01.001000')
})

test('localTime() has microseconds unless they are zero', () => {
  const atMs = new Date(2026, 0, 2, 3, 4, 5, 60).getTime()
  assert.equal(localTime(atMs), '2026-01-02 03:04:05.060000')
  assert.equal(localTime(atMs - 60), '2026-01-02 03:04:05')
})
