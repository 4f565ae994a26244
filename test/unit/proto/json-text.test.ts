import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from '../../support/properties.ts'
import { parseJson, parseRecord, stringifyJson, stringifyRecord } from '../../../proto/json-text.ts'
import { Float, isMap, type MapKey, mapOf, newMap, type Value } from '../../../proto/value.ts'

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

const anyKey = fc.oneof(
  fc.constantFrom<MapKey>(null, true, false, 1.5, '\0', '\0null', 'null', '80'),
  fc.integer(),
  fc.string(),
)

/** Any value whose keys are of `key`. */
function values(key: fc.Arbitrary<MapKey>): fc.Arbitrary<Value> {
  const { value } = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, true, false),
      fc.integer(),
      fc.bigInt({ min: 2n ** 60n, max: 2n ** 70n }),
      fc.integer().map((number) => new Float(number)),
      fc.string(),
      fc.array(tie('value')),
      fc.array(fc.tuple(key, tie('value'))).map((entries) => newMap(entries)),
    ),
  }))
  return value
}

/** Equal in the order of keys, too: deepEqual of maps does not look at it. */
function inOrder(value: Value): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  return isMap(value) ? [...value].map(([key, item]) => [key, inOrder(item)]) : value
}

test('stringifyJson() is read back by parseJson() to an equal value, keys in their order', () => {
  const numbersToo = fc.oneof(fc.string(), fc.nat().map(String))
  fc.assert(
    fc.property(values(numbersToo), (any) => {
      assert.deepEqual(inOrder(parseJson(stringifyJson(any))), inOrder(any))
    }),
  )
})

test('stringifyJson() writes keys that are no text as Python does', () => {
  const map = newMap([
    [80, 'a'],
    ['80', 'b'],
    [true, 'c'],
    [null, 'd'],
    [1.5, 'e'],
  ])
  assert.equal(stringifyJson(map), '{"80":"a","80":"b","true":"c","null":"d","1.5":"e"}')
})

test('stringifyRecord() is read back by parseRecord() with every key, and objects of ours apart from maps', () => {
  fc.assert(
    fc.property(values(anyKey), (any) => {
      const back = parseRecord(stringifyRecord({ kind: 'x', result: any, none: undefined }))
      assert.ok(typeof back === 'object' && back !== null && 'result' in back)
      assert.deepEqual(Object.keys(back), ['kind', 'result'])
      assert.deepEqual(inOrder(back.result as Value), inOrder(any))
    }),
  )
  assert.deepEqual(parseRecord(stringifyRecord(mapOf({ kind: 'x' }))), mapOf({ kind: 'x' }))
})

test('parseJson() refuses what is nested too deeply, and reads on up to there', () => {
  const nested = (depth: number) => `${'{"a":['.repeat(depth)}1${']}'.repeat(depth)}`
  assert.throws(() => parseJson(nested(100_000)), SyntaxError)
  assert.throws(() => parseJson(nested(451)), SyntaxError)
  assert.equal(stringifyJson(parseJson(nested(450))), nested(450))
  const record = stringifyRecord({ kind: 'x', value: parseJson(nested(450)) })
  assert.equal(stringifyRecord(parseRecord(record)), record)
})
