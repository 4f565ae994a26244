import assert from 'node:assert/strict'
import { test } from 'node:test'
import { floatText } from '../../../proto/value.ts'

test('floatText() writes floats as Python does', () => {
  const cases: readonly (readonly [number, string])[] = [
    [1, '1.0'],
    [-0, '-0.0'],
    [0.1, '0.1'],
    [1e16, '1e+16'],
    [1e15, '1000000000000000.0'],
    [1e-5, '1e-05'],
    [1.5e-10, '1.5e-10'],
    [0.0001, '0.0001'],
    [1e100, '1e+100'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
  ]
  for (const [value, text] of cases) assert.equal(floatText(value), text)
})
