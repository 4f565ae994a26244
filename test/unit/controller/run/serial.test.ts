import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serialBatches } from '../../../../controller/run/serial.ts'
import { stringifyJson } from '../../../../proto/json-text.ts'
import type { Value } from '../../../../proto/value.ts'

const hosts = ['a', 'b', 'c', 'd', 'e']
const cases: readonly (readonly [Value | undefined, readonly string[]])[] = [
  [undefined, ['abcde']],
  [0, ['abcde']],
  [2, ['ab', 'cd', 'e']],
  ['2', ['ab', 'cd', 'e']],
  ['40%', ['ab', 'cd', 'e']],
  ['1%', ['a', 'b', 'c', 'd', 'e']],
  [
    [1, 3],
    ['a', 'bcd', 'e'],
  ],
  [
    [1, '100%'],
    ['a', 'bcde'],
  ],
]
for (const [serial, batches] of cases) {
  test(`serialBatches() cuts by ${stringifyJson(serial)}`, () => {
    assert.deepEqual(
      serialBatches(hosts, serial).map((batch) => batch.join('')),
      batches,
    )
  })
}

test('serialBatches() refuses what is no number', () => {
  assert.throws(() => serialBatches(hosts, 'some'), { code: 'invalid' })
})
