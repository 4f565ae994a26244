import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from '../../../support/properties.ts'
import { Float, newMap } from '../../../../proto/value.ts'
import type { Value } from '../../../../proto/value.ts'
import { parsePythonLiteral } from '../../../../controller/inventory/python-literal.ts'
import { pythonRepr } from '../../../../controller/template/templates.ts'

const literals: readonly (readonly [string, Value | undefined])[] = [
  ['5', 5],
  ['-5', -5],
  ['+5', 5],
  ['- 5', -5],
  ['0x1F', 31],
  ['0o17', 15],
  ['0b11', 3],
  ['00', 0],
  ['007', undefined],
  ['1_000', 1000],
  ['1__0', undefined],
  ['1.5', 1.5],
  ['1.', new Float(1)],
  ['.5', 0.5],
  ['1e3', new Float(1000)],
  ['1e400', Infinity],
  ['12345678901234567890', 12345678901234567890n],
  ['-12345678901234567890', -12345678901234567890n],
  ['True', true],
  ['true', undefined],
  ['None', null],
  ['Nonesense', undefined],
  ['"a"', 'a'],
  ["'a' 'b'", 'ab'],
  [`'it\\'s'`, "it's"],
  [String.raw`'\x41é\n\q'`, 'Aé\n\\q'],
  [String.raw`r'\n'`, String.raw`\n`],
  ['"open', undefined],
  ["'''a'b'''", "a'b"],
  ['[]', []],
  ['[1, "a",]', [1, 'a']],
  ['(1,)', [1]],
  ['(1)', 1],
  ['()', []],
  ['1, 2', [1, 2]],
  ['1,', [1]],
  ['{1, 2}', [1, 2]],
  ['{}', newMap()],
  ["{'a': {1: None}}", newMap([['a', newMap([[1, null]])]])],
  ['[1 2]', undefined],
  ['5 # five', 5],
  ['  5', 5],
  ['5 x', undefined],
  ['1+2', undefined],
  ['x', undefined],
  ['', undefined],
  ['[x]', undefined],
  ['__import__("os")', undefined],
  ['1.2.3', undefined],
]

for (const [text, wanted] of literals) {
  test(`parsePythonLiteral() reads ${JSON.stringify(text)} as ast.literal_eval does`, () => {
    assert.deepEqual(parsePythonLiteral(text), wanted)
  })
}

const { value: anyValue } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    fc.integer(),
    fc.bigInt({ min: 2n ** 60n, max: 2n ** 70n }),
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .filter((number) => !Number.isInteger(number)),
    fc.string(),
    fc.array(tie('value')),
    fc.array(fc.tuple(fc.string(), tie('value'))).map((entries) => newMap(entries)),
  ),
}))

test('parsePythonLiteral() reads back what Python would print', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      assert.deepEqual(parsePythonLiteral(`[${pythonRepr(value)}]`), [value])
    }),
  )
})

test('parsePythonLiteral() takes any text without failing', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'[](){}\'",:0123.eE+-_xTrueNone \\#'.split('')) }),
      (text) => {
        parsePythonLiteral(text)
      },
    ),
  )
  assert.equal(parsePythonLiteral('['.repeat(100_000)), undefined)
})
