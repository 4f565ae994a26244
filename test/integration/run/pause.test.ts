import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { nobody, runHere } from '../../support/run-here.ts'

const playbook = `
- hosts: all
  gather_facts: false
  tasks:
    - pause:
        prompt: Go on?
      register: said
    - pause:
        prompt: The word
        echo: false
      register: hidden
    - debug:
        msg: "{{ said.user_input }}, {{ hidden.user_input }}"
`

test('run() waits at a pause for the line of a user who can be asked, and tells no hidden one', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'errand-pause-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'play.yml'), playbook)
  const request = { cwd: folder, playbooks: ['play.yml'], inventories: ['h1,'] }
  const asked = await runHere({ ...request, canAsk: true }, { answers: ['yes, now', 'sesame'] })
  assert.deepEqual(
    asked.events.filter(({ kind }) => kind === 'question' || kind === 'answer').map(withoutId),
    [
      { kind: 'question', about: 'pause', text: '[pause]\nGo on?:\n' },
      { kind: 'answer', text: 'yes, now' },
      {
        kind: 'question',
        about: 'pause',
        text: '[pause]\nThe word (output is hidden):\n',
        isHidden: true,
      },
      { kind: 'answer', text: '' },
    ],
  )
  assert.equal(lastMessage(asked.events), 'yes, now, sesame')
  const alone = await runHere(request)
  assert.ok(!alone.events.some(({ kind }) => kind === 'question'))
  assert.equal(lastMessage(alone.events), ', ')
})

function withoutId(event: object): object {
  const { questionId: _, ...rest } = event as { readonly questionId?: string }
  return rest
}

function lastMessage(events: Awaited<ReturnType<typeof runHere>>['events']) {
  const last = events.findLast((event) => event.kind === 'host_result')
  return last?.result.get('msg')
}

const timed = `
- hosts: all
  gather_facts: false
  tasks:
    - pause: { seconds: 1 }
    - name: cut short
      pause: { minutes: 10 }
      register: said
    - debug:
        msg: "{{ said.stdout }}, {{ said.user_input }}"
    - name: aborted
      pause: { minutes: 10 }
    - debug:
        msg: never
`

test('run() cuts a pause of some length short, or lets it fail, where its user says so', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'errand-pause-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'play.yml'), timed)
  const ran = await runHere(
    { cwd: folder, playbooks: ['play.yml'], inventories: ['h1,'], canAsk: true },
    { answers: [nobody, {}, { isAbort: true }] },
  )
  const asked = ran.events.filter((event) => event.kind === 'question')
  assert.deepEqual(
    asked.map(({ text, untilMs }) => [text.split('\n')[0], untilMs !== undefined]),
    [
      ['Pausing for 1 seconds', true],
      ['Pausing for 600 seconds', true],
      ['Pausing for 600 seconds', true],
    ],
  )
  assert.equal(lastMessage(ran.events), 'user requested abort!')
  const messages = ran.events.flatMap((event) =>
    event.kind === 'host_result' ? [event.result.get('msg')] : [],
  )
  assert.match(String(messages[2]), /^Paused for 0\.\d+ minutes, $/u)
  assert.equal(ran.exitCode, 2)
})
