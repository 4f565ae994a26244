import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { RenderFileOptions } from '../../../../controller/template/templates.ts'
import { stringifyJson } from '../../../../proto/json-text.ts'
import { type Answer, attempt, fixtures, oracleTemplates, recorded } from './oracle.ts'

/** Where we answer otherwise than Ansible 2.14, and why. */
const differences: ReadonlyMap<string, string> = new Map([
  ["{{ 'inf' | float | string }}", 'Jinja folds the constant into Python code that it cannot run'],
  ['{{ d.items }}', 'a method prints without an address'],
  ['{{ lookup }}', 'a function prints without an address'],
  ["{{ 'nope' is filter }}", 'Ansible fails to answer no'],
  ["{{ 'nope' is test }}", 'Ansible fails to answer no'],
  ["{{ ''.__class__ }}", 'no expression reaches the host program'],
  ["{{ ''['__class__'] }}", 'no expression reaches the host program'],
  ['{{ ().__class__.__bases__ }}', 'no expression reaches the host program'],
  ['{{ self.__class__ }}', 'no expression reaches the host program'],
  ['{{ "{{ \'{{\' }}" }}', 'Python stumbles over a set in a set; the text stays text'],
  ["{{ '[1j]' }}", 'there are no complex numbers'],
  ["{{ users | json_query('[].name') }}", 'a collection that Ansible did not have installed'],
  [
    "{{ json_text | from_json | json_query('a') }}",
    'a collection that Ansible did not have installed',
  ],
  ['block', 'Ansible cannot print a number in a block that is called again'],
])

function compare(ours: ReturnType<typeof attempt>, theirs: Answer): string | undefined {
  if ('error' in theirs)
    return 'error' in ours ? undefined : `Ansible fails: ${theirs.error}; we say ${ours.json}`
  const wanted = stringifyJson(theirs.value)
  if ('error' in ours) return `Ansible says ${wanted}; we fail: ${ours.error}`
  return ours.json === wanted ? undefined : `Ansible says ${wanted}; we say ${ours.json}`
}

function check(cases: Iterable<readonly [string, Answer, ReturnType<typeof attempt>]>): void {
  const wrong: string[] = []
  for (const [name, theirs, ours] of cases) {
    const difference = compare(ours, theirs)
    if (difference !== undefined && !differences.has(name)) wrong.push(`${name}\n  ${difference}`)
    if (difference === undefined && differences.has(name))
      wrong.push(`${name}\n  no longer differs`)
  }
  assert.deepEqual(wrong, [])
}

test('Templates.render() answers as Ansible does', () => {
  const { templates, scope } = oracleTemplates()
  const cases = recorded('classic')
  assert.ok(cases.length >= 500, 'at least 500 expressions are recorded')
  check(cases.map(([text, answer]) => [text, answer, attempt(() => templates.render(text, scope))]))
})

test('Templates.render() answers as Ansible does with jinja2_native', () => {
  const { templates, scope } = oracleTemplates({ isNative: true })
  const cases = recorded('native')
  check(cases.map(([text, answer]) => [text, answer, attempt(() => templates.render(text, scope))]))
})

test('Templates.test() answers as Ansible does', () => {
  const { templates, scope } = oracleTemplates()
  const cases = recorded('conditions')
  check(cases.map(([text, answer]) => [text, answer, attempt(() => templates.test(text, scope))]))
})

test('Templates.test() explains itself in the words of Ansible', () => {
  const { templates, scope } = oracleTemplates()
  for (const [text, answer] of recorded('conditions')) {
    if (!('error' in answer)) continue
    const ours = attempt(() => templates.test(text, scope))
    assert.equal('error' in ours && ours.error, answer.error.replace(/^\w+: /u, ''), text)
  }
})

test('Templates.render() explains what is undefined, or no template, in the words of Ansible', () => {
  const { templates, scope } = oracleTemplates()
  let count = 0
  for (const [text, answer] of recorded('classic')) {
    if (differences.has(text) || !('error' in answer)) continue
    const kind = /^(?:AnsibleUndefinedVariable|AnsibleError): /u.exec(answer.error)?.[0]
    if (kind === undefined) continue
    const ours = attempt(() => templates.render(text, scope))
    assert.equal('error' in ours && ours.error, answer.error.slice(kind.length), text)
    count += 1
  }
  assert.ok(count > 60, `only ${count} errors compared`)
})

const optionNames: Readonly<Record<string, keyof RenderFileOptions>> = {
  trim_blocks: 'trimBlocks',
  lstrip_blocks: 'lstripBlocks',
  newline_sequence: 'newlineSequence',
  variable_start_string: 'variableStart',
  variable_end_string: 'variableEnd',
  block_start_string: 'blockStart',
  block_end_string: 'blockEnd',
  comment_start_string: 'commentStart',
  comment_end_string: 'commentEnd',
}

/** The templates of templates.txt: name, options and text of each. */
function templateFiles(): [string, RenderFileOptions, string][] {
  const all = readFileSync(new URL('templates.txt', fixtures), 'utf8').split('\n=== ').slice(1)
  return all.map((part) => {
    const end = part.indexOf('\n')
    const [name = '', ...rest] = part.slice(0, end).split(' ')
    const given = JSON.parse(rest.join(' ') || '{}') as Readonly<Record<string, unknown>>
    const options = Object.entries(given).map(([key, value]) => [optionNames[key] ?? key, value])
    return [
      name,
      { name, include, ...Object.fromEntries(options) } as RenderFileOptions,
      part.slice(end + 1),
    ]
  })
}

function include(name: string): string | undefined {
  const url = new URL(`parts/${name}`, fixtures)
  return existsSync(url) ? readFileSync(url, 'utf8') : undefined
}

test('Templates.renderFile() answers as Ansible does', () => {
  const { templates, scope } = oracleTemplates()
  const answers = new Map(recorded('files'))
  const texts = templateFiles()
  assert.ok(texts.length >= 60, 'at least 60 templates are recorded')
  check(
    texts.map(([name, options, text]) => {
      const theirs = answers.get(name)
      assert.ok(theirs, `no answer to ${name}`)
      return [name, theirs, attempt(() => templates.renderFile(text, scope, options))]
    }),
  )
})
