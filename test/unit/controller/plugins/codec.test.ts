import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Float } from '../../../../proto/value.ts'
import { decode, encode, field } from '../../../../controller/plugins/codec.ts'
import { CalendarDate, DateTime } from '../../../../controller/template/python/datetime.ts'
import { TimeDelta } from '../../../../controller/template/python/time-delta.ts'
import { type Datum, newDict, tuple } from '../../../../controller/template/python/datum.ts'
import { Range } from '../../../../controller/template/python/host-objects.ts'
import { toText } from '../../../../controller/template/python/text.ts'
import { Undefined } from '../../../../controller/template/scope.ts'
import fc from '../../../support/properties.ts'

const { datum } = fc.letrec<{ datum: Datum }>((tie) => ({
  datum: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false, 0, -1, 1.5, 10n ** 30n, '', '\0tuple', '\ud800'),
    fc.string(),
    fc.double({ noInteger: true }),
    fc.integer().map((value) => new Float(value)),
    fc.array(tie('datum')),
    fc.array(tie('datum')).map((items) => tuple(items)),
    fc
      .array(
        fc.tuple(fc.oneof(fc.string(), fc.integer(), fc.constantFrom(null, '\0map')), tie('datum')),
      )
      .map((entries) => newDict(entries)),
  ),
}))

test('decode() gives back what encode() was given', () => {
  fc.assert(
    fc.property(datum, (value) => {
      assert.deepStrictEqual(decode(encode(value)), value)
    }),
  )
})

const written: readonly (readonly [Datum, string])[] = [
  [new Map([['a', [1, new Float(1)]]]), '{"a":[1,1.0]}'],
  [tuple([1]), String.raw`{"\u0000tuple":[1]}`],
  [new Map([[1, 'a']]), String.raw`{"\u0000map":[[1,"a"]]}`],
  [new Map([['\0map', 1]]), String.raw`{"\u0000map":[["\u0000map",1]]}`],
  [Number.NaN, String.raw`{"\u0000float":"nan"}`],
  [new Undefined("'x' is undefined"), String.raw`{"\u0000undefined":"'x' is undefined"}`],
  [new DateTime(0), String.raw`{"\u0000datetime":"1970-01-01T00:00:00"}`],
  [new CalendarDate(0), String.raw`{"\u0000date":"1970-01-01"}`],
  [new TimeDelta(5), String.raw`{"\u0000timedelta":5}`],
  [new Range(0, 2, 1), '[0,1]'],
]

for (const [value, text] of written) {
  test(`encode() writes ${text}`, () => {
    assert.equal(encode(value), text)
  })
}

test('decode() reads dates, and objects that only Python has', () => {
  const date = decode(String.raw`{"\u0000datetime":"2020-01-02T03:04:05.000006+01:30"}`)
  assert.equal(toText(date), '2020-01-02 03:04:05.000006+01:30')
  assert.equal(toText(decode(String.raw`{"\u0000date":"2020-01-02"}`)), '2020-01-02')
  const text = String.raw`{"\u0000object":[4,"Net","10.0.0.0/8","Net('10.0.0.0/8')"]}`
  assert.equal(toText(decode(text)), '10.0.0.0/8')
  assert.equal(toText([decode(text)]), "[Net('10.0.0.0/8')]")
  assert.equal(encode(decode(text)), text)
})

test('decode() refuses a mark that there is not', () => {
  assert.throws(() => decode(String.raw`{"\u0000nothing":1}`), SyntaxError)
})

test('encode() refuses what is nested too deeply', () => {
  let deep: Datum = []
  for (let depth = 0; depth < 600; depth += 1) deep = [deep]
  assert.throws(() => encode(deep), /nested too deeply/u)
})

test('field() has nothing of what is no map', () => {
  assert.equal(field('text', 'a'), undefined)
  assert.equal(field(new Map([['a', 1]]), 'a'), 1)
})
