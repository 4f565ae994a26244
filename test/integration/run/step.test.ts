import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { runHere } from '../../support/run-here.ts'

async function step(t: TestContext, text: string, answers: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'errand-step-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'play.yml'), text)
  const ran = await runHere(
    { cwd: folder, playbooks: ['play.yml'], inventories: ['h1,h2,'], step: true },
    { answers },
  )
  return {
    exitCode: ran.exitCode,
    questions: ran.events
      .filter((event) => event.kind === 'question')
      .map(({ text: asked }) => asked.replace('(N)o/(y)es/(c)ontinue: ', '')),
    tasks: ran.events.filter((event) => event.kind === 'host_result').map(({ task }) => task),
    kinds: ran.events.map(({ kind }) => kind),
  }
}

test('run() with step asks in the free strategy for each host, and what others tell waits for the answer', async (t) => {
  const text = `
- hosts: all
  gather_facts: false
  strategy: free
  tasks:
    - name: one
      debug:
    - meta: noop
    - name: "two {{ inventory_hostname }}"
      debug:
`
  const { questions, tasks, kinds, exitCode } = await step(t, text, ['y', 'y', 'no', 'Yes'])
  assert.equal(exitCode, 0)
  assert.deepEqual(questions.toSorted(), [
    'Perform task: TASK: one on h1 ',
    'Perform task: TASK: one on h2 ',
    'Perform task: TASK: two {{ inventory_hostname }} on h1 ',
    'Perform task: TASK: two {{ inventory_hostname }} on h2 ',
  ])
  assert.equal(tasks.length, 3)
  for (const [index, kind] of kinds.entries())
    if (kind === 'question') assert.equal(kinds[index + 1], 'answer')
})

test('run() with step asks anew in the next play and batch after "continue"', async (t) => {
  const text = `
- hosts: all
  gather_facts: false
  serial: 1
  tasks:
    - { name: one, debug: }
    - { name: two, debug: }
`
  const { questions, tasks } = await step(t, text, ['c', 'CONTINUE'])
  assert.deepEqual(questions, ['Perform task: TASK: one ', 'Perform task: TASK: one '])
  assert.deepEqual(tasks, ['one', 'two', 'one', 'two'])
})

test('run() with step ends with 2 and the recap when there is no answer', async (t) => {
  const text = `
- hosts: all
  gather_facts: false
  tasks:
    - { name: one, debug: , changed_when: true, notify: handler }
    - { name: two, debug: }
  handlers:
    - { name: handler, debug: }
- hosts: all
  gather_facts: false
  tasks:
    - { name: three, debug: }
`
  const { tasks, kinds, exitCode } = await step(t, text, ['y'])
  assert.equal(exitCode, 2)
  assert.deepEqual(tasks, ['one', 'one'])
  assert.deepEqual(kinds.slice(-3), ['question', 'answer', 'stats'])
})
