import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import fc from '../../../../support/properties.ts'
import { quoteWord, splitWords } from '../../../../../controller/fleet/ssh/words.ts'
import { ErrandError } from '../../../../../proto/errors.ts'

test('splitWords() undoes quoteWord() for any text', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 })), (words) => {
      assert.deepEqual(splitWords(words.map(quoteWord).join(' ')), words)
    }),
  )
})

test('quoteWord() stands for the same text in a real shell', () => {
  const words = ['a b', "it's", '$HOME `id` \\', '"x"', '*', '-n', 'a\nb', '']
  const script = `for w in ${words.map(quoteWord).join(' ')}; do printf '%s\\0' "$w"; done`
  assert.deepEqual(
    execFileSync('/bin/sh', ['-c', script]).toString().split('\0').slice(0, -1),
    words,
  )
})

test('splitWords() refuses a quote that is not closed', () => {
  assert.throws(() => splitWords(`a 'b`), ErrandError)
})
