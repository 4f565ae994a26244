import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from '../../../support/properties.ts'
import { arithmetic } from '../../../../controller/template/python/arithmetic.ts'
import { compare, isEqual } from '../../../../controller/template/python/compare.ts'
import type { Datum } from '../../../../controller/template/python/datum.ts'
import { jsonText } from '../../../../controller/template/python/json.ts'
import { parseLiteral } from '../../../../controller/template/python/literal.ts'
import { float, integer, parseFloatText } from '../../../../controller/template/python/number.ts'
import { pythonRepr } from '../../../../controller/template/python/text.ts'
import { emitYaml } from '../../../../controller/template/yaml/emit.ts'
import { readYaml } from '../../../../controller/template/yaml/read.ts'
import { Undefined, type Scope } from '../../../../controller/template/scope.ts'
import { TemplateError, Templates } from '../../../../controller/template/templates.ts'
import { parseJson } from '../../../../proto/json-text.ts'
import { type Value, newMap } from '../../../../proto/value.ts'

/** Keys that JavaScript does not reorder. */
const key = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !/^\d+$/u.test(text))
const leaf: fc.Arbitrary<Datum> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }).map(integer),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(float),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
)
const value: fc.Arbitrary<Datum> = fc.letrec<{ value: Datum }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(key, tie('value')), { maxLength: 4 })
      .map((pairs) => newMap(pairs as [string, Value][])),
  ),
})).value
const number = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }),
  fc.double({ min: -1000, max: 1000, noNaN: true }).map(float),
)
const whole = fc.integer({ min: -100_000, max: 100_000 })

function isSame(left: Datum, right: Datum): boolean {
  return jsonText(left) === jsonText(right)
}

test('parseLiteral() reads what pythonRepr() prints', () => {
  fc.assert(
    fc.property(value, (datum) => {
      const back = parseLiteral(pythonRepr(datum), { hasJsonNames: false })
      return back !== undefined && isSame(back, datum)
    }),
  )
})

test('parseJson() reads what jsonText() prints', () => {
  fc.assert(fc.property(value, (datum) => isSame(parseJson(jsonText(datum)), datum)))
})

test('readYaml() reads what emitYaml() prints', () => {
  const layout = { indent: 2, width: 80, isSorted: false, hasStart: false, hasEnd: false } as const
  const isPlain = (datum: Datum): boolean =>
    !/[\u0085\u2028\u2029\ufeff]|\p{Cs}/u.test(jsonText(datum, { isAscii: false }))
  fc.assert(
    fc.property(value.filter(isPlain), fc.constantFrom('all', 'none', 'leaves'), (datum, flow) =>
      isSame(readYaml(emitYaml(datum, { ...layout, flow })), datum),
    ),
  )
})

test('parseFloatText() reads every float as it is printed', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (double) =>
      Object.is(parseFloatText(pythonRepr(float(double))), double),
    ),
  )
})

test('isEqual() is an equivalence', () => {
  fc.assert(fc.property(value, (a) => isEqual(a, a)))
  fc.assert(fc.property(value, value, (a, b) => isEqual(a, b) === isEqual(b, a)))
  assert.ok(isEqual(1, true) && isEqual(1, float(1)) && isEqual(0, false) && !isEqual(1, '1'))
})

test('compare() orders numbers, and texts by code point', () => {
  fc.assert(
    fc.property(
      number,
      number,
      (a, b) => Math.sign(compare(a, b)) === -Math.sign(compare(b, a)) + 0,
    ),
  )
  const texts = fc.string({ unit: 'binary', maxLength: 6 })
  const points = (text: string): number[] => Array.from(text, (one) => one.codePointAt(0) ?? 0)
  fc.assert(
    fc.property(texts, texts, (a, b) => {
      const [left, right] = [points(a), points(b)]
      const at = left.findIndex((point, place) => point !== right[place])
      const wanted = at < 0 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? -1)
      return Math.sign(compare(a, b)) === Math.sign(wanted)
    }),
  )
})

test("arithmetic() divides with Python's signs", () => {
  const nonZero = whole.filter((divisor) => divisor !== 0)
  fc.assert(
    fc.property(whole, nonZero, (a, b) => {
      const quotient = Number(arithmetic('//', a, b))
      const rest = Number(arithmetic('%', a, b))
      return (
        quotient * b + rest === a &&
        quotient === Math.floor(a / b) &&
        (rest === 0 || rest < 0 === b < 0)
      )
    }),
  )
})

test('arithmetic() is exact on integers of any size', () => {
  const big = fc.bigInt({ min: -(2n ** 100n), max: 2n ** 100n })
  fc.assert(
    fc.property(big, big, (a, b) => {
      const [left, right] = [integer(a), integer(b)]
      return (
        arithmetic('+', left, right) === integer(a + b) &&
        arithmetic('-', left, right) === integer(a - b) &&
        arithmetic('*', left, right) === integer(a * b)
      )
    }),
  )
})

const scope: Scope = {
  resolve: (name) => {
    if (name === 'd') return newMap([['a', newMap([['b', 'text']])]])
    if (name === 'l') return [1, 'two', null]
    return name === 's' ? 'text' : new Undefined(`'${name}' is undefined`)
  },
}
const templates = new Templates({ lookups: { lookup: () => [] } })
const hostNames = [
  ...Object.getOwnPropertyNames(Object.prototype),
  ...Object.getOwnPropertyNames(Function.prototype),
  ...Object.getOwnPropertyNames(globalThis),
  'prototype',
  'process',
  'require',
  'import',
  'module',
  'exports',
  '__dirname',
].filter((name) => /^[A-Za-z_]\w*$/u.test(name) && !['query', 'undefined'].includes(name))

test('Templates.evaluate() reaches no object of the host program', () => {
  for (const name of new Set(hostNames)) {
    for (const start of [
      'd',
      'd.a',
      'l',
      's',
      '5',
      '5.5',
      'none',
      'true',
      'd.keys',
      'd.items()',
      'range',
      'range(3)',
      'lookup',
      'namespace()',
      'now()',
      '{}',
      '()',
    ]) {
      for (const expression of [
        `${start}['${name}']`,
        `(${start}).${name}`,
        `${start} | attr('${name}')`,
      ]) {
        assert.ok(isHarmless(expression), expression)
      }
    }
    if (!['lookup', 'range', 'dict', 'True', 'False', 'None'].includes(name))
      assert.ok(isHarmless(name), name)
  }
})

/** What is not there is undefined, or an error; a few names are Python's own, too. */
function isHarmless(expression: string): boolean {
  try {
    const found = templates.evaluate(expression, scope)
    return (
      found instanceof Undefined ||
      found === null ||
      (typeof found !== 'object' && typeof found !== 'function')
    )
  } catch (error) {
    return error instanceof TemplateError
  }
}

test('Templates.render() answers any text with a value or a TemplateError', () => {
  const pieces = fc.constantFrom(
    '{{',
    '}}',
    '{%',
    '%}',
    '{#',
    '#}',
    ' ',
    'd',
    'l',
    's',
    '.',
    '[',
    ']',
    '(',
    ')',
    '|',
    'join',
    'map',
    "'a'",
    '1',
    '+',
    '-',
    '*',
    '//',
    '**',
    '%',
    '~',
    'if',
    'else',
    'endif',
    'for',
    'in',
    'endfor',
    'set',
    '=',
    '==',
    '<',
    'is',
    'not',
    'defined',
    'and',
    'or',
    ',',
    ':',
    '{',
    '}',
    'i',
    'macro',
    'endmacro',
    'raw',
    'endraw',
    '\n',
    '"',
    "'",
    '\\',
    'format',
    'loop',
    'range',
    'block',
    'endblock',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 25 }), (parts) => {
      try {
        templates.render(parts.join(' '), scope)
        return true
      } catch (error) {
        return error instanceof TemplateError
      }
    }),
    { numRuns: 2000 },
  )
})

test('Templates.render() compiles a text once (10,000 expressions; the time is printed)', (t) => {
  const sources = Array.from(
    { length: 100 },
    (_none, place) => `{{ d.a.b ~ ${place} }} {{ l | length + ${place} }}`,
  )
  const started = performance.now()
  for (let round = 0; round < 100; round += 1) {
    for (const source of sources) templates.render(source, scope)
  }
  t.diagnostic(`10,000 renderings in ${Math.round(performance.now() - started)} ms`)
  assert.equal(templates.render(sources[7] ?? '', scope), 'text7 10')
})
