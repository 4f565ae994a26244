import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dumpJson } from '../../../../../controller/cli/render/python-json.ts'
import { pythonText } from '../../../../../controller/cli/render/python-text.ts'
import { wrap } from '../../../../../controller/cli/render/wrap.ts'
import { parseJson } from '../../../../../proto/json-text.ts'
import { mapOf, Float, type Value } from '../../../../../proto/value.ts'

for (const [value, text] of [
  ["it's", "it's"],
  [["it's", 'a "b"', `both ' and "`], `["it's", 'a "b"', 'both \\' and "']`],
  [[null, true, false, 1, new Float(2), 0.5], '[None, True, False, 1, 2.0, 0.5]'],
  [['\n\t\\é\u0001\u00a0'], String.raw`['\n\t\\é\x01\xa0']`],
] satisfies readonly (readonly [Value, string])[]) {
  test(`pythonText() writes ${JSON.stringify(value)} as Python does`, () => {
    assert.equal(pythonText(value), text)
  })
}

test('dumpJson() sorts keys by code points and keeps letters and floats as they are', () => {
  const value = parseJson(
    '{"b": 1.0, "a": [1e20, 12345678901234567890], "\u{1F600}": "é", "\uFF01": {}}',
  )
  assert.equal(
    dumpJson(value),
    '{"a": [1e+20, 12345678901234567890], "b": 1.0, "\uFF01": {}, "\u{1F600}": "é"}',
  )
  assert.equal(
    dumpJson(mapOf({ a: [], b: [1] }), 4),
    '{\n    "a": [],\n    "b": [\n        1\n    ]\n}',
  )
})

/** Checked with Python's textwrap.wrap(text, 20). */
for (const [text, lines] of [
  ['one two three four five six', ['one two three four', 'five six']],
  ['a well-known hyphen-ated word', ['a well-known hyphen-', 'ated word']],
  ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b', ['aaaaaaaaaaaaaaaaaaaa', 'aaaaaaaaaa b']],
  ['short aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', ['short aaaaaaaaaaaaaa', 'aaaaaaaaaaaaaaaa']],
  ['line\nbreaks are blanks', ['line breaks are', 'blanks']],
] as const) {
  test(`wrap() breaks "${text}" as Python does`, () => {
    assert.deepEqual(wrap(text, 20), lines)
  })
}
