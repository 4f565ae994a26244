import { stringifyJson } from '../../../proto/json-text.ts'
import { textKeys, newMap } from '../../../proto/value.ts'
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { RunEventBody } from '../../../proto/run.ts'
import { runHere } from '../../support/run-here.ts'

const modules = [
  'command: echo done',
  'shell: echo done',
  'raw: echo done',
  'script: script.sh',
  'copy: content=done dest={{ folder }}/copied',
  'template: src=text.j2 dest={{ folder }}/rendered',
  'file: path={{ folder }}/touched state=touch',
  'stat: path={{ folder }}',
  'slurp: src={{ folder }}/text.j2',
  'fetch: src={{ folder }}/text.j2 dest={{ folder }}/fetched/ flat=true',
  'setup: gather_subset=min',
  'ping:',
  'wait_for: path={{ folder }}/text.j2',
  'own_module: name=done',
]

async function play(t: TestContext, task: string, options: { readonly check?: boolean } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'errand-modules-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const text = `- hosts: h1\n  gather_facts: false\n  tasks:\n    - ${task.replaceAll('\n', '\n      ')}\n`
  await writeFile(join(folder, 'play.yml'), text)
  await writeFile(join(folder, 'script.sh'), '#!/bin/sh\necho done\n')
  await writeFile(join(folder, 'text.j2'), 'done\n')
  const library = join(folder, 'library')
  await mkdir(library)
  await writeFile(join(library, 'own_module'), '#!/bin/sh\necho \'{"changed": true}\'\n')
  const request = {
    playbooks: ['play.yml'],
    inventories: ['h1,h2,'],
    cwd: folder,
    extraVars: [`folder=${folder}`],
    check: options.check ?? false,
  }
  return { ...(await runHere(request)), folder }
}

function last(events: readonly RunEventBody[]) {
  return events.filter((event) => event.kind === 'host_result').at(-1)
}

for (const module of modules) {
  const name = module.split(':')[0] ?? ''
  test(`run() takes async of ${name}, waits for it and gives what the module gives`, async (t) => {
    const plain = await play(t, module)
    const waited = await play(t, `${module}\nasync: 60\npoll: 5`)
    assert.equal(waited.exitCode, 0, stringifyJson(last(waited.events)?.result))
    const told = textKeys(last(waited.events)?.result ?? newMap())
    const missing = textKeys(last(plain.events)?.result ?? newMap()).filter(
      (field) => !told.includes(field),
    )
    assert.deepEqual(missing, [])
  })

  test(`run() takes async of ${name} in check mode`, async (t) => {
    const ran = await play(t, `${module}\nasync: 60\npoll: 5`, { check: true })
    assert.equal(ran.exitCode, 0, stringifyJson(last(ran.events)?.result))
  })

  test(`run() takes async of ${name} for another host`, async (t) => {
    const ran = await play(t, `${module}\nasync: 60\npoll: 5\ndelegate_to: h2`)
    assert.equal(ran.exitCode, 0, stringifyJson(last(ran.events)?.result))
    assert.deepEqual(last(ran.events)?.host, { host: 'h1', delegate: 'h2' })
  })
}

test('run() changes nothing in check mode with async', async (t) => {
  const ran = await play(t, 'copy: content=done dest={{ folder }}/x\nasync: 60\npoll: 5', {
    check: true,
  })
  assert.equal(last(ran.events)?.status, 'changed')
  await assert.rejects(readFile(join(ran.folder, 'x')))
})
