import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseJson, stringifyJson } from '../../../../proto/json-text.ts'
import { textEntries, isMap, newMap } from '../../../../proto/value.ts'
import type { Value, ValueMap } from '../../../../proto/value.ts'
import { loadInventory } from '../../../../controller/inventory/load-inventory.ts'
import type { Loop, Task } from '../../../../controller/playbook/playbook.ts'
import { expandLoop } from '../../../../controller/vars/expand-loop.ts'
import { Undefined } from '../../../../controller/template/scope.ts'
import { Variables } from '../../../../controller/vars/variables.ts'
import { SourceFiles } from '../../../../controller/yaml/source-files.ts'
import { makeEvaluator, makeLab, stateOf } from './language-lab.ts'

/** What a real Ansible made of the same lookups; see record-lookups.ts for how it was asked. */
const home = join(import.meta.dirname, '../../../fixtures/language/lookups')
const questions = readMap('expressions.json')
const expected = readMap('expected.json')

for (const [expression, wanted] of textEntries(mapAt(expected, 'expressions'))) {
  test(`Lookups answer ${expression} as Ansible does`, async () => {
    const { scope, templates } = await lookupLab()
    const value = templates.evaluate(expression, scope)
    assert.ok(!(value instanceof Undefined))
    assert.equal(stringifyJson(value), stringifyJson(wanted))
  })
}

for (const [index, wanted] of listAt(expected, 'loops').entries()) {
  const written = listAt(questions, 'loops')[index] ?? null
  test(`expandLoop() takes ${stringifyJson(written)} as Ansible does`, async () => {
    assert.ok(isMap(written))
    const found = expandLoop(taskWith(written), await lookupLab())
    assert.equal(stringifyJson(found ?? null), stringifyJson(wanted))
  })
}

test('expandLoop() gives nothing for a task without a loop', async () => {
  assert.equal(expandLoop(taskWith(newMap()), await lookupLab()), undefined)
})

test('expandLoop() wants a list for loop', async () => {
  const written = newMap([['loop', 'words']])
  const parts = await lookupLab()
  assert.throws(() => expandLoop(taskWith(written), parts), {
    code: 'invalid',
    message:
      /^Invalid data passed to 'loop', it requires a list, got this instead: words\. Hint: /u,
  })
})

/** Lookups that fail, and what they say. */
const failures: readonly (readonly [string, RegExp])[] = [
  ["lookup('nowhere', 1)", /lookup plugin \(nowhere\) not found/u],
  ["lookup('file', 'gone.txt')", /could not locate file in lookup: gone\.txt/u],
  ["lookup('vars', 'gone')", /No variable found with this name: gone/u],
  ["lookup('pipe', 'echo no >&2; exit 3')", /pipe\(echo no >&2; exit 3\) returned 3/u],
  ["lookup('dict', 'x')", /with_dict expects a dict/u],
  ["lookup('first_found', 'gone')", /No file was found when using first_found/u],
  ["query('sequence', 'start=1')", /must specify count or end/u],
  ["query('sequence', 'start=5 end=1')", /to count backwards make stride negative/u],
  ["query('subelements', users, 'gone')", /could not find 'gone' key/u],
  ["query('varnames', '(')", /unable to use "\(" as a search parameter/u],
]

for (const [expression, said] of failures) {
  test(`Lookups say why ${expression} fails`, async () => {
    const { scope, templates } = await lookupLab()
    assert.throws(() => templates.evaluate(expression, scope), { code: 'invalid', message: said })
  })
}

test('lookup(password) makes a password once, for its owner alone', async (t) => {
  const lab = await makeLab(t, {
    hosts: 'h',
    'site.yml': '- hosts: all\n  tasks: []\n',
  })
  const expression = "lookup('password', 'secrets/db length=12 chars=ascii_letters,digits')"
  const first = stringifyJson(lab.value(expression, { host: 'h' })).slice(1, -1)
  assert.match(first, /^[a-zA-Z0-9]{12}$/u)
  assert.equal(lab.value(expression, { host: 'h' }), first)
  assert.equal(readFileSync(join(lab.root, 'secrets/db'), 'utf8'), `${first}\n`)
  assert.equal(statSync(join(lab.root, 'secrets/db')).mode & 0o777, 0o600)
})

test('lookup(password) with a seed gives the password that Python gives', async (t) => {
  const lab = await makeLab(t, { hosts: 'h', 'site.yml': '- hosts: all\n  tasks: []\n' })
  const value = (term: string) =>
    lab.value(`lookup('password', '/dev/null ${term}')`, { host: 'h' })
  assert.equal(value('seed=orchard length=16 chars=ascii_letters,digits'), 'DOs4Jl2QxalwYZss')
  assert.equal(value('seed=orchard length=16 chars=aab,,,digits'), '3604a961,a188004')
  assert.throws(
    () => value('size=3'),
    /Unrecognized parameter\(s\) given to password lookup: size/u,
  )
})

test('lookup(password) keeps the salt of what it encrypts', async (t) => {
  const lab = await makeLab(t, {
    hosts: 'h',
    'site.yml': '- hosts: all\n  tasks: []\n',
    old: 'hidden salt=saltsalt\n',
  })
  const value = (file: string) =>
    lab.value(`lookup('password', '${file} encrypt=sha512_crypt')`, { host: 'h' })
  const hash =
    '$6$saltsalt$O5igcpfl.fR3dZSRWPLdiJIQf.Z/YrDFgl.SCSYO1vXlKx9cxF3I3UnP4.DsSt5As2KdW5Nx35sQeU5W.OZg6/'
  assert.equal(value('old'), hash)
  assert.equal(value('new'), value('new'))
  assert.match(readFileSync(join(lab.root, 'new'), 'utf8'), /^\S{20} salt=[./0-9A-Za-z]{16}\n$/u)
})

test('lookups search the folders of the role that the task is in', async (t) => {
  const lab = await makeLab(t, {
    hosts: 'h',
    'site.yml': '- hosts: all\n  roles: [r]\n',
    'roles/r/tasks/main.yml': '- name: t\n  debug: {}\n',
    'roles/r/files/f': 'of the role',
    'roles/r/templates/t.j2': '{{ role_name }}',
    'files/f': 'of the playbook',
  })
  assert.equal(lab.value("lookup('file', 'f')", { host: 'h', task: 't' }), 'of the role')
  assert.equal(lab.value("lookup('template', 't.j2')", { host: 'h', task: 't' }), 'r')
  assert.equal(lab.value("lookup('file', 'f')", { host: 'h' }), 'of the playbook')
})

test('lookup(template) reads a file as the templates of a playbook are read', async (t) => {
  const lab = await makeLab(t, {
    hosts: 'h',
    'site.yml': '- hosts: all\n  vars: {v: {a: [1]}}\n  tasks: [{name: t, debug: {}}]\n',
    'templates/json.j2': '{# of several parts #}\n{"on": true, "none": null, "n": {{ 2 }},}\n',
    'templates/one.j2': '{{ v | to_json }}\n',
    'templates/value.j2': '{{ v }}\n',
    'templates/indented.j2': ' [{{ 1 }}]\n',
  })
  const value = (name: string, more = '') =>
    stringifyJson(lab.value(`lookup('template', '${name}.j2'${more})`, { host: 'h', task: 't' }))
  assert.equal(value('json'), '{"on":true,"none":null,"n":2}')
  assert.equal(value('one'), String.raw`"{\"a\": [1]}\n"`)
  assert.equal(value('value'), '{"a":[1]}')
  assert.equal(value('indented'), String.raw`" [1]\n"`)
  assert.equal(value('value', ', convert_data=false'), String.raw`"{'a': [1]}\n"`)
})

async function lookupLab() {
  const files = new SourceFiles()
  const signal = new AbortController().signal
  const options = { files, cwd: home, environment: {}, signal }
  const inventory = await loadInventory(['hosts'], options)
  const environment = { LAB_VARIABLE: 'value', PATH: '/usr/bin:/bin' }
  const evaluator = makeEvaluator({ files, inventory, cwd: home, environment })
  const variables = new Variables({
    files,
    templates: evaluator.templates,
    extraVars: mapAt(questions, 'vars'),
    state: stateOf(inventory, home),
  })
  return { ...evaluator, scope: variables.scope({ host: 'w1', play: undefined }) }
}

/** A task with no more than a loop, written as in a playbook. */
function taskWith(written: ValueMap): Task {
  const place = { file: join(home, 'site.yml'), line: 1, column: 1 }
  const empty = { name: undefined, keywords: newMap(), vars: newMap() }
  const none = {
    varsFiles: [],
    varsPrompt: [],
    preTasks: [],
    roles: [],
    tasks: [],
    postTasks: [],
    handlers: [],
  }
  const play = {
    kind: 'play',
    id: 'p',
    place,
    ...empty,
    ...none,
    hosts: 'all',
    baseDir: home,
  } as const
  const [[key, source] = [undefined, null]] = textEntries(written)
  const loop: Loop | undefined =
    key === undefined
      ? undefined
      : key === 'loop'
        ? { kind: 'loop', lookup: undefined, source }
        : { kind: 'with', lookup: key.slice('with_'.length), source }
  const args = { freeForm: undefined, map: newMap(), splat: undefined }
  const rest = {
    isHandler: false,
    module: 'debug',
    fullName: undefined,
    args,
    parent: play,
    role: undefined,
  }
  return { kind: 'task', id: 't', place, ...empty, ...rest, loop }
}

function readMap(name: string): ValueMap {
  const path = join(home, name)
  assert.ok(existsSync(path))
  const value = parseJson(readFileSync(path, 'utf8'))
  assert.ok(isMap(value))
  return value
}

function mapAt(map: ValueMap, key: string): ValueMap {
  const value = map.get(key)
  assert.ok(isMap(value))
  return value
}

function listAt(map: ValueMap, key: string): readonly Value[] {
  const value = map.get(key)
  assert.ok(Array.isArray(value))
  return value as readonly Value[]
}
