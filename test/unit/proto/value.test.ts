import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from '../../support/properties.ts'
import { parseJson, stringifyJson } from '../../../proto/json-text.ts'
import { Float, floatText, isMap, newMap } from '../../../proto/value.ts'

test('parseJson() keeps 1.0 apart from 1, and integers beyond 2^53', () => {
  assert.deepEqual(parseJson('1.0'), new Float(1))
  assert.equal(parseJson('1'), 1)
  assert.equal(parseJson('1.5'), 1.5)
  assert.equal(parseJson('9007199254740993'), 9007199254740993n)
})

test('parseJson() makes maps that reach nothing of the program', () => {
  const map = parseJson('{"constructor": 1, "__proto__": {"x": 2}}')
  assert.ok(isMap(map))
  assert.deepEqual([...map.keys()], ['constructor', '__proto__'])
  assert.equal(map.get('toString'), undefined)
})

test('stringifyJson() is read back by parseJson() to an equal value', () => {
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, true, false),
      fc.integer(),
      fc.bigInt({ min: 2n ** 60n, max: 2n ** 70n }),
      fc.integer().map((number) => new Float(number)),
      fc.string(),
      fc.array(tie('value')),
      fc.dictionary(fc.string(), tie('value')).map((map) => newMap(Object.entries(map) as never)),
    ),
  })).value
  fc.assert(
    fc.property(value, (any) => {
      assert.deepEqual(parseJson(stringifyJson(any as never)), any)
    }),
  )
})

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
