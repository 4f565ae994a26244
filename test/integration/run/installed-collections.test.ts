import assert from 'node:assert/strict'
import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { runHere } from '../../support/run-here.ts'
import { writeTree } from '../../unit/controller/vars/language-lab.ts'

test('run() finds roles and playbooks of the collections that are installed with ansible', async (t) => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'errand-installed-'))
  const site = writeTree(t, {
    'ansible_collections/ns/c/roles/r/tasks/main.yml': '- debug: {msg: of the role}\n',
    'ansible_collections/ns/c/playbooks/p.yml':
      '- hosts: all\n  gather_facts: false\n  tasks: [{debug: {msg: of the playbook}}]\n',
  })
  const answer = { version: '2.14.18', modules: '/nowhere', collections: [site] }
  const python = `#!/bin/sh\n/bin/cat <<'END'\n${JSON.stringify(answer)}\nEND\n`
  writeFileSync(join(folder.path, 'python3'), python, { mode: 0o755 })
  writeFileSync(
    join(folder.path, 'site.yml'),
    '- hosts: all\n  gather_facts: false\n  roles: [ns.c.r]\n- import_playbook: ns.c.p\n',
  )
  const { events, error } = await runHere({
    cwd: folder.path,
    playbooks: ['site.yml', 'ns.c.p'],
    inventories: ['h1,'],
    environment: { HOME: folder.path, PATH: folder.path },
  })
  assert.equal(error, undefined)
  const told = events.flatMap((event) => (event.kind === 'host_result' ? [event] : []))
  assert.deepEqual(
    told.map(({ result }) => result.get('msg')),
    ['of the role', 'of the playbook', 'of the playbook'],
  )
  const warned = events.flatMap((event) => (event.kind === 'message' ? [event.text] : []))
  assert.ok(warned.includes('running playbook inside collection ns.c'))
})
