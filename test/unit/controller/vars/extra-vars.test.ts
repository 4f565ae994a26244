import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stringifyJson } from '../../../../proto/json-text.ts'
import { parseExtraVars } from '../../../../controller/vars/extra-vars.ts'
import { SourceFiles } from '../../../../controller/yaml/source-files.ts'
import { writeTree } from './language-lab.ts'

test('parseExtraVars() reads each form, the later one winning', (t) => {
  const cwd = writeTree(t, { 'v.yml': 'a: 2\nlist: [1]\n', 'v.json': '{"j": 1.0}' })
  const texts = [
    'a=1 b="two words"',
    '@v.yml',
    '{"c": {"d": null}}',
    '{e: yes, f: 1}',
    '@v.json',
    '',
  ]
  const vars = parseExtraVars(texts, { cwd, files: new SourceFiles() })
  assert.equal(
    stringifyJson(vars),
    '{"a":2,"b":"two words","list":[1],"c":{"d":null},"e":true,"f":1,"j":1.0}',
  )
})

/** Texts that are no variables, and what is said of them. */
const mistakes: readonly (readonly [string, RegExp])[] = [
  ['/etc/vars.yml', /Please prepend extra_vars filename '\/etc\/vars\.yml' with '@'/u],
  ['[1, 2]', /'\[1, 2\]' could not be made into a dictionary/u],
  ['{a: {{ b }}}', /extra vars \(-e\):1:/u],
  ['a="open', /is not closed/u],
  ['@gone.yml', /there is no file .*gone\.yml/u],
]

for (const [text, said] of mistakes) {
  test(`parseExtraVars() refuses ${text}`, () => {
    const options = { cwd: '/nowhere', files: new SourceFiles() }
    assert.throws(() => parseExtraVars([text], options), said)
  })
}
