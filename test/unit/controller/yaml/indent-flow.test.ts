import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseYaml } from '../../../../controller/yaml.ts'
import { plain } from '../../../support/plain.ts'

/** Texts that PyYAML reads, and what it makes of them. */
const cases: readonly (readonly [text: string, value: unknown])[] = [
  ['- hosts: a\n  name: "one\n  two"\n  x: 1\n', [{ hosts: 'a', name: 'one two', x: 1 }]],
  ["a:\n  b: 'it''s\nnot'\n  c: 1\n", { a: { b: "it's not", c: 1 } }],
  [
    'a:\n  b: ["x",\n  "y", {c: 1,\nd: 2}]\n  e: f\n',
    { a: { b: ['x', 'y', { c: 1, d: 2 }], e: 'f' } },
  ],
  ['- - k: {\n  a: "}", # ] not this\n  b: it\'s}\n  - z\n', [[{ k: { a: '}', b: "it's" } }, 'z']]],
  [
    'text: |\n  a: "open\n  [\nlist: [\n1,\n2\n]\n"q: [": &x !!str "a\nb"\n',
    { text: 'a: "open\n[\n', list: [1, 2], 'q: [': 'a b' },
  ],
  ['- "a\\\n  b"\n- [\n1]\n- it\'s [plain\n', ['ab', [1], "it's [plain"]],
]

for (const [text, value] of cases) {
  test(`parseYaml() does not mind the indentation inside of ${JSON.stringify(text)}`, () => {
    assert.deepEqual(plain(parseYaml(text, 'f.yml').value), value)
  })
}

test('parseYaml() adds no line end to a block scalar at the end of a text', () => {
  assert.deepEqual(plain(parseYaml('a: |\n  x\n  y', 'f.yml').value), { a: 'x\ny' })
  assert.deepEqual(plain(parseYaml('- b\n- >+\n  x\n  y', 'f.yml').value), ['b', 'x y'])
  assert.deepEqual(plain(parseYaml('a: |\n  x\n', 'f.yml').value), { a: 'x\n' })
})

test('parseYaml() tells of what is wrong in the text as it was written', () => {
  assert.throws(() => parseYaml('a: [\nb: "c\n', 'f.yml'), { code: 'syntax', message: /^f\.yml:/u })
})
