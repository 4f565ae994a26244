import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isChosen, splitTags } from '../../../../controller/run/tags.ts'

const cases: readonly (readonly [tags: string, only: string, skip: string, isChosen: boolean])[] = [
  ['', '', '', true],
  ['a', '', '', true],
  ['never', '', '', false],
  ['never a', 'a', '', true],
  ['a', 'b', '', false],
  ['', 'a', '', false],
  ['always', 'a', '', true],
  ['a', 'all', '', true],
  ['a never', 'all', '', false],
  ['a', 'tagged', '', true],
  ['', 'tagged', '', false],
  ['never', 'tagged', '', false],
  ['', 'untagged', '', true],
  ['a', 'untagged', '', false],
  ['a', '', 'a', false],
  ['a', 'a', 'a', false],
  ['always', '', 'always', false],
  ['always', '', 'all', true],
  ['a', '', 'tagged', false],
  ['', '', 'tagged', true],
  ['', '', 'untagged', false],
]
for (const [tags, only, skip, expected] of cases) {
  test(`isChosen() of [${tags}] with --tags [${only}] --skip-tags [${skip}]`, () => {
    const words = (text: string) => text.split(' ').filter((word) => word !== '')
    assert.equal(isChosen(words(tags), { only: words(only), skip: words(skip) }), expected)
  })
}

test('splitTags() takes commas apart', () => {
  assert.deepEqual(splitTags(['a, b', 'c']), ['a', 'b', 'c'])
})
