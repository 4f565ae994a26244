import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plain } from '../../../support/plain.ts'
import fc from '../../../support/properties.ts'
import { parseKeyValues, splitArgs } from '../../../../controller/playbook/split-args.ts'

/** Text, whether it is a command's, and what it comes apart into. */
const texts: readonly (readonly [string, boolean, Record<string, string>, string | undefined])[] = [
  ['a=1 b=two', false, { a: '1', b: 'two' }, undefined],
  ['a="two words" b=\'x y\'', false, { a: 'two words', b: 'x y' }, undefined],
  [
    'msg={{ a + b }} n={{ x|default("y z") }}',
    false,
    { msg: '{{ a + b }}', n: '{{ x|default("y z") }}' },
    undefined,
  ],
  ['{% if x %} a {% endif %}', false, {}, '{% if x %} a {% endif %}'],
  ['echo hi  there', true, {}, 'echo hi  there'],
  ['echo a=b chdir=/tmp creates="/x y"', true, { chdir: '/tmp', creates: '/x y' }, 'echo a=b'],
  ['echo "a=b c"', true, {}, 'echo "a=b c"'],
  ['echo one \\\n  two', true, {}, 'echo one  two'],
  ['echo one\necho two', true, {}, 'echo one\necho two'],
  ['file.yml x=1', false, { x: '1' }, 'file.yml'],
  ['a\\=b', false, {}, 'a=b'],
  ['a=b=c', false, { a: 'b=c' }, undefined],
  ['=x', false, {}, '=x'],
  ['a=', false, { a: '' }, undefined],
  ['line="x \\"y\\" z"', false, { line: 'x "y" z' }, undefined],
  ['line="a\\tb"', false, { line: 'a\tb' }, undefined],
  ['', false, {}, undefined],
]

for (const [text, isFreeForm, map, raw] of texts) {
  test(`parseKeyValues() takes ${JSON.stringify(text)} apart`, () => {
    const found = parseKeyValues(text, isFreeForm)
    assert.deepEqual(plain(found.map), map)
    assert.equal(found.raw, raw)
  })
}

for (const text of ['a="x', "a='", '{{ x', 'a={{ x } }', '{% if']) {
  test(`parseKeyValues() refuses what is not closed: ${text}`, () => {
    assert.throws(() => parseKeyValues(text, false), SyntaxError)
  })
}

const key = fc.stringMatching(/^[a-z_]{1,8}$/u)
const value = fc.stringMatching(/^[a-z0-9 ./:,-]{0,12}$/u)

test('parseKeyValues() reads back quoted values', () => {
  fc.assert(
    fc.property(fc.dictionary(key, value), fc.constantFrom('"', "'"), (options, quote) => {
      const text = Object.entries(options)
        .map(([name, content]) => `${name}=${quote}${content}${quote}`)
        .join(' ')
      const trimmed = Object.fromEntries(
        Object.entries(options).map(([name, content]) => [name, content]),
      )
      assert.deepEqual(plain(parseKeyValues(text, false).map), { ...trimmed })
    }),
  )
})

test('parseKeyValues() keeps the text of a command that has no options', () => {
  const word = fc.stringMatching(/^[a-z0-9/.:-]{1,6}$/u)
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1 }),
      fc.constantFrom(' ', '  ', '\n'),
      (words, blank) => {
        const text = words.join(blank)
        assert.equal(parseKeyValues(text, true).raw, text)
      },
    ),
  )
})

test('splitArgs() takes any text or says that something is not closed', () => {
  const unit = fc.constantFrom(...'ab= "\'\\\n{}%#'.split(''))
  fc.assert(
    fc.property(fc.string({ unit }), (text) => {
      try {
        const letters = (part: string) => part.replace(/[^ab=]/gu, '')
        assert.equal(letters(splitArgs(text).join('')), letters(text))
      } catch (error) {
        assert.ok(error instanceof SyntaxError)
      }
    }),
  )
})
