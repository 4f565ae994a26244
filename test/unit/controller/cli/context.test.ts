import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Interrupt } from '../../../../controller/cli/context.ts'

test('Interrupt aborts at the first press, and leaves at the second', () => {
  let left = 0
  const interrupt = new Interrupt(() => (left += 1))
  interrupt.press()
  assert.ok(interrupt.signal.aborted)
  assert.equal(left, 0)
  interrupt.press()
  assert.equal(left, 1)
})

test('Interrupt does what a command makes of the first press', () => {
  let asked = 0
  const interrupt = new Interrupt(() => assert.fail('it left'))
  interrupt.handle(() => (asked += 1))
  interrupt.press()
  assert.equal(asked, 1)
  assert.ok(!interrupt.signal.aborted)
})

test('Interrupt that is held keeps the first press for the next handler, once', () => {
  let [asked, left] = [0, 0]
  const interrupt = new Interrupt(() => (left += 1))
  interrupt.hold()
  interrupt.press()
  assert.ok(!interrupt.signal.aborted)
  interrupt.handle(() => (asked += 1))
  interrupt.handle(() => (asked += 1))
  assert.equal(asked, 1)
  interrupt.press()
  assert.deepEqual([asked, left], [1, 1])
})

test('Interrupt asks first whoever it was offered to, and then as if nothing was pressed', () => {
  let [taken, asked] = [0, 0]
  const interrupt = new Interrupt(() => assert.fail('it left'))
  interrupt.offer(() => (taken += 1) < 3)
  interrupt.handle(() => (asked += 1))
  interrupt.press()
  interrupt.press()
  assert.deepEqual([taken, asked], [2, 0])
  interrupt.press()
  assert.deepEqual([taken, asked], [3, 1])
})
