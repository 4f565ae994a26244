import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quoteWord, shellWords } from '../../../../controller/modules/shell-words.ts'

const cases: readonly (readonly [string, readonly string[]])[] = [
  ['', []],
  ['echo  one\ttwo\n', ['echo', 'one', 'two']],
  [`a "b c" 'd "e"'`, ['a', 'b c', 'd "e"']],
  ['a\\ b "c\\"d\\n"', ['a b', 'c"d\\n']],
  [`x=''`, ['x=']],
  [`'' ""`, ['', '']],
  [`a'b'"c"d`, ['abcd']],
]
for (const [text, words] of cases) {
  test(`shellWords() splits ${JSON.stringify(text)}`, () => {
    assert.deepEqual(shellWords(text), words)
  })
}

test('shellWords() refuses a quote that is not closed', () => {
  assert.throws(() => shellWords(`echo "a`), { message: 'No closing quotation' })
  assert.throws(() => shellWords('a\\'), { message: 'No escaped character' })
})

test('quoteWord() quotes only what needs it', () => {
  assert.equal(quoteWord('/a/b-c.d'), '/a/b-c.d')
  assert.equal(quoteWord(`it's`), `'it'"'"'s'`)
  assert.equal(quoteWord(''), `''`)
})
