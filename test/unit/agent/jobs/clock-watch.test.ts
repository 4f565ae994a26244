import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ClockWatch } from '../../../../agent/jobs/clock-watch.ts'

const options = { toleranceMs: 1000, distrustMs: 100_000 }

test('isTrusted() is true while both clocks go on together', () => {
  const watch = new ClockWatch(options)
  for (const steadyMs of [0, 30_000, 60_500])
    assert.equal(watch.isTrusted({ wallMs: 1_000_000 + steadyMs + steadyMs / 100, steadyMs }), true)
})

for (const jumpMs of [365 * 86_400_000, -3_600_000]) {
  test(`isTrusted() is false for a while after the clock was set by ${jumpMs} ms`, () => {
    const watch = new ClockWatch(options)
    assert.equal(watch.isTrusted({ wallMs: 5e9, steadyMs: 0 }), true)
    const wall = 5e9 + jumpMs
    assert.equal(watch.isTrusted({ wallMs: wall + 30_000, steadyMs: 30_000 }), false)
    assert.equal(watch.isTrusted({ wallMs: wall + 129_000, steadyMs: 129_000 }), false)
    assert.equal(watch.isTrusted({ wallMs: wall + 130_000, steadyMs: 130_000 }), true)
  })
}
