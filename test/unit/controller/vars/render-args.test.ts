import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plain } from '../../../support/plain.ts'
import type { TestContext } from 'node:test'
import { stringifyJson } from '../../../../proto/json-text.ts'
import { omitToken } from '../../../../controller/template/templates.ts'
import { renderArgs } from '../../../../controller/vars/render-args.ts'
import { makeLab } from './language-lab.ts'

async function argsOf(t: TestContext, task: string, vars = '{}') {
  const lab = await makeLab(t, {
    hosts: 'h\n',
    'host_vars/h.yml': vars,
    'site.yml': `- hosts: all\n  tasks:\n    - name: t\n      ${task.replaceAll('\n', '\n      ')}\n`,
  })
  const [play] = lab.plays
  assert.ok(play)
  const found = lab.task('t')
  const scope = lab.variables.scope({ host: 'h', play, task: found })
  return renderArgs(found, { scope, templates: lab.templates })
}

test('renderArgs() renders words and options', async (t) => {
  const args = await argsOf(t, 'command: echo {{ n }} chdir={{ d }}', 'n: 5\nd: /tmp\n')
  assert.equal(args.freeForm, 'echo 5')
  assert.deepEqual(plain(args.map), { chdir: '/tmp' })
})

test('renderArgs() keeps the type of a single expression', async (t) => {
  const { map } = await argsOf(t, 'debug: {msg: "{{ l }}", verbosity: "{{ n }}"}', 'n: 5\nl: [1]\n')
  assert.deepEqual(plain(map), { msg: [1], verbosity: 5 })
})

test('renderArgs() leaves out what is omitted in maps, and keeps it in lists', async (t) => {
  const task =
    'copy:\n  src: "{{ omit }}"\n  dest: "{{ gone | default(omit) }}"\n  mode: [{x: "{{ omit }}"}, "{{ omit }}"]\n  owner: {x: "{{ omit }}", y: 1}'
  const { map } = await argsOf(t, task)
  assert.equal(stringifyJson(map), `{"mode":[{},"${omitToken}"],"owner":{"y":1}}`)
})

test('renderArgs() puts a map from a variable below what is written', async (t) => {
  const { map } = await argsOf(t, 'copy: {src: own}\nargs: "{{ all }}"', 'all: {src: x, dest: y}\n')
  assert.deepEqual(plain(map), { src: 'own', dest: 'y' })
})

test('renderArgs() says that arguments are no map', async (t) => {
  await assert.rejects(argsOf(t, 'copy: "{{ word }}"', 'word: x\n'), {
    code: 'invalid',
    message: 'the arguments {{ word }} must be a mapping, got x',
  })
})

test('renderArgs() renders the keys of set_fact', async (t) => {
  const { map } = await argsOf(t, 'set_fact: {"{{ k }}": 1}', 'k: made\n')
  assert.deepEqual(plain(map), { made: 1 })
})
