import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plain } from '../../../support/plain.ts'
import { Float, isMap, isMoment } from '../../../../proto/value.ts'
import type { Value, ValueMap } from '../../../../proto/value.ts'
import { parseYaml, parseYamlDocuments } from '../../../../controller/yaml.ts'

/** Scalars as PyYAML 6 reads them. */
const scalars: readonly (readonly [string, Value])[] = [
  ['yes', true],
  ['On', true],
  ['FALSE', false],
  ['y', 'y'],
  ['N', 'N'],
  ['~', null],
  ['null', null],
  ['', null],
  ['"yes"', 'yes'],
  ['010', 8],
  ['0o10', '0o10'],
  ['08', '08'],
  ['0x1f', 31],
  ['0b101', 5],
  ['1_000', 1000],
  ['+5', 5],
  ['-0', 0],
  ['12:30', 750],
  ['12:30:45', 45045],
  ['1:60', '1:60'],
  ['123456789012345678901234567890', 123456789012345678901234567890n],
  ['1.5', 1.5],
  ['1.', new Float(1)],
  ['1.0', new Float(1)],
  ['.5', 0.5],
  ['1e3', '1e3'],
  ['1.0e3', '1.0e3'],
  ['1.0e+3', new Float(1000)],
  ['-.inf', -Infinity],
  ['1.2.3', '1.2.3'],
  ['2001-12-14', '2001-12-14'],
  ['2001-12-14t21:59:43.10-05:00', '2001-12-14 21:59:43.100000-05:00'],
  ['2001-12-14 21:59:43', '2001-12-14 21:59:43'],
  ['!!str 5', '5'],
  ['!!int "7"', 7],
  ['!!float 3', new Float(3)],
  ['!!bool "yes"', true],
  ['-', [null]],
]

for (const [text, wanted] of scalars) {
  test(`parseYaml() reads the scalar ${text} as PyYAML does`, () => {
    const { value } = parseYaml(text === '-' ? 'k:\n- ' : `k: ${text}`, 'f.yml')
    assert.ok(isMap(value))
    const found = value.get('k')
    assert.deepEqual(isMoment(found) ? found.text() : found, wanted)
  })
}

test('parseYaml() merges maps below their own keys', () => {
  const text = 'a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], z: 3}\n'
  const { value } = parseYaml(text, 'f.yml')
  assert.ok(isMap(value))
  assert.deepEqual(plain(value.get('c')), { x: 1, y: 1, z: 3 })
})

test('parseYaml() makes maps that reach nothing of the program', () => {
  const { value } = parseYaml('__proto__: {polluted: yes}\nconstructor: 1\n', 'f.yml')
  assert.ok(isMap(value))
  assert.deepEqual([...value.keys()], ['__proto__', 'constructor'])
  assert.equal('polluted' in {}, false)
})

test('parseYaml() knows where each key and item stands', () => {
  const { value, places } = parseYaml('- name: x\n  tags:\n    - a\n    - b\n', 'f.yml')
  const [entry] = value as readonly [ValueMap]
  assert.deepEqual(places.of(entry), { file: 'f.yml', line: 1, column: 3 })
  assert.deepEqual(places.ofKey(entry, 'tags'), { file: 'f.yml', line: 2, column: 3 })
  assert.deepEqual(places.ofValue(entry.get('tags') as object, 1), {
    file: 'f.yml',
    line: 4,
    column: 7,
  })
})

test('parseYaml() warns of a key that is there twice and takes the last', () => {
  const { value, warnings } = parseYaml('a: 1\nb: 2\na: 3\n', 'f.yml')
  assert.deepEqual(plain(value), { a: 3, b: 2 })
  assert.deepEqual(warnings, [
    'While constructing a mapping from f.yml, line 1, column 1, found a duplicate dict key (a). Using last defined value only.',
  ])
})

/** Mistakes, and what is said of them. */
const mistakes: readonly (readonly [string, RegExp])[] = [
  ['a: {{ x }}', /^f\.yml:1:4: .*quote it: a: "\{\{ x \}\}"\n {2}a: \{\{ x \}\}\n {5}\^$/u],
  ['- {{ x }}', /quote it: - "\{\{ x \}\}"/u],
  ['a: {{ x }}/bin', /quote it: a: "\{\{ x \}\}\/bin"/u],
  ['a: {{ x["y"] }}', /quote it: a: '\{\{ x\["y"\] \}\}'/u],
  ['a: "x" == y', /^f\.yml:1:8: text after the closing quote/u],
  ['a:\n\t- b', /^f\.yml:2:1: a tab cannot indent here, use spaces/u],
  ['a: b: c', /^f\.yml:1:4: a second ": " in one value: quote the value/u],
  ['a:\n  - b\n c: d', /^f\.yml:3:1: wrong indentation/u],
  ["a: 'x", /missing closing 'quote/u],
  ['a: *nowhere', /^f\.yml:1:4: this alias names no anchor/u],
  ['a: !what x', /^f\.yml:1:10: expected a tag that is known/u],
  ['a: !!int x', /expected an integer, got "x"/u],
  ['? [a]\n: b', /a mapping or a list cannot be a key/u],
  ['a: 1\n---\nb: 2', /expected one YAML document, got several/u],
]

for (const [text, said] of mistakes) {
  test(`parseYaml() says what is wrong with ${JSON.stringify(text)}`, () => {
    assert.throws(() => parseYaml(text, 'f.yml'), { code: 'syntax', message: said })
  })
}

test('parseYaml() tells all mistakes of a file at once', () => {
  assert.throws(() => parseYaml('a: {{ x }}\nb: 1\nc: {{ y }}\n', 'f.yml'), {
    message: /f\.yml:1:4: [^]*f\.yml:3:4: /u,
  })
})

test('parseYaml() tells of lines that it does not understand any more only once', () => {
  const text = [
    '- hosts: h',
    '  tasks:',
    `    - debug: msg="{{ {'a': [1, {'b': none}]} }} {{ 1.0 }}"`,
    '    - debug: {msg: "x"}',
    '    - fail: y',
    '    - fail: z',
  ].join('\n')
  assert.throws(
    () => parseYaml(text, 'f.yml'),
    ({ message }: Error) => {
      assert.equal(message.match(/^f\.yml:/gmu)?.length, 1)
      return true
    },
  )
})

test('parseYamlDocuments() reads each document', () => {
  const values = parseYamlDocuments('--- 1\n--- 2\n', 'f.yml').map(({ value }) => value)
  assert.deepEqual(values, [1, 2])
})
