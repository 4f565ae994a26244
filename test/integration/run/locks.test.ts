import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { runHere } from '../../support/run-here.ts'

async function locksOf(t: TestContext, play: string) {
  const folder = await mkdtemp(join(tmpdir(), 'errand-locks-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'play.yml'), play)
  await writeFile(
    join(folder, 'hosts'),
    'h1\n[all:vars]\nerrand_lock="of-{{ inventory_hostname }}"\n',
  )
  const request = { playbooks: ['play.yml'], inventories: ['hosts'], cwd: folder }
  const { agents, events } = await runHere(request)
  const messages = events.flatMap((event) =>
    event.kind === 'host_result' && event.status === 'failed' ? [event.result.get('msg')] : [],
  )
  return { locks: agents.started.map(({ spec }) => spec.lock), messages }
}

test('errand_lock of a host, play, block, task and item, the inner one first; empty takes it back', async (t) => {
  const { locks } = await locksOf(
    t,
    `- hosts: all
  gather_facts: false
  tasks:
    - command: echo host
    - command: echo none
      vars: { errand_lock: '' }
- hosts: all
  gather_facts: false
  vars: { errand_lock: play }
  tasks:
    - command: echo play
    - vars: { errand_lock: "block-{{ inventory_hostname }}" }
      block:
        - command: echo block
          async: 10
          poll: 1
        - command: echo item
          loop: [a, b]
          vars: { errand_lock: "{{ item }}" }
        - stat: { path: / }
`,
  )
  const expected = ['of-h1', undefined, 'play', 'block-h1', 'a', 'b', 'block-h1']
  assert.deepEqual(locks, expected)
})

for (const name of ["'two words'", '[a, b]', `'${'x'.repeat(101)}'`]) {
  test(`errand_lock: ${name} is refused with a sentence, and nothing is started`, async (t) => {
    const { locks, messages } = await locksOf(
      t,
      `- hosts: all
  gather_facts: false
  tasks:
    - command: echo never
      vars: { errand_lock: ${name} }
`,
    )
    assert.deepEqual(locks, [])
    assert.match(String(messages[0]), /^errand_lock is a name of 1 to 100 letters.*, not "/u)
  })
}
