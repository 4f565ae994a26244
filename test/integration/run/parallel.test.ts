import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { HostResult, RunEventBody } from '../../../proto/run.ts'
import { isList, isMap, type Value } from '../../../proto/value.ts'
import { runHere } from '../../support/run-here.ts'

async function play(t: TestContext, tasks: string) {
  const folder = await mkdtemp(join(tmpdir(), 'errand-parallel-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const text = `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.replace(/^/gmu, '    ')}\n`
  await writeFile(join(folder, 'play.yml'), text)
  const request = {
    playbooks: ['play.yml'],
    inventories: ['h1,'],
    cwd: folder,
    extraVars: [`folder=${folder}`],
  }
  return { ...(await runHere(request)), folder }
}

function results(events: readonly RunEventBody[]): readonly HostResult[] {
  return events.filter((event) => event.kind === 'host_result')
}

function labels(events: readonly RunEventBody[]): readonly Value[] {
  return events.filter((event) => event.kind === 'item_result').map(({ label }) => label)
}

function itemsOf(result: HostResult | undefined): readonly Value[] {
  const list = result?.result.get('results') ?? []
  return isList(list) ? list.map((one) => (isMap(one) ? (one.get('item') ?? null) : null)) : []
}

/** Each leaves its mark, and ends when the marks of all that it waits for are there. */
const meeting = `- shell: |
    echo {{ item.me }} >> {{ folder }}/begun
    touch {{ folder }}/{{ item.me }}
    {% for other in item.needs %}
    until [ -e {{ folder }}/{{ other }} ]; do sleep 0.05; done
    {% endfor %}
  loop:
    - { me: a, needs: [b] }
    - { me: b, needs: [] }
    - { me: c, needs: [d] }
    - { me: d, needs: [] }
  loop_control: { label: '{{ item.me }}' }
`

for (const [how, more] of [
  ['one that waits', ''],
  ['a job with poll', '  async: 60\n  poll: 30\n'],
] as const) {
  test(`run() with errand_parallel runs ${how} for several items at a time, told in the order of the items`, async (t) => {
    const ran = await play(t, `${meeting}${more}  vars: { errand_parallel: 2 }`)
    assert.equal(ran.exitCode, 0)
    assert.deepEqual(labels(ran.events), ['a', 'b', 'c', 'd'])
    const items = itemsOf(results(ran.events)[0])
    assert.deepEqual(
      items.map((item) => (isMap(item) ? item.get('me') : item)),
      ['a', 'b', 'c', 'd'],
    )
    const begun = (await readFile(join(ran.folder, 'begun'), 'utf8')).trim().split('\n')
    assert.deepEqual(begun.toSorted(), ['a', 'b', 'c', 'd'])
  })
}

test('run() with errand_parallel begins no more items after break_when', async (t) => {
  const tasks = `- shell: echo {{ item }} >> {{ folder }}/begun
  loop: [1, 2, 3, 4, 5, 6, 7, 8]
  register: r
  loop_control: { break_when: [true] }
  vars: { errand_parallel: 2 }`
  const ran = await play(t, tasks)
  const begun = (await readFile(join(ran.folder, 'begun'), 'utf8')).trim().split('\n')
  assert.ok(begun.length < 8, `${begun.length} items were begun`)
  assert.deepEqual(itemsOf(results(ran.events)[0])[0], 1)
})

test('run() says what errand_parallel must be', async (t) => {
  const tasks = `- command: echo {{ item }}\n  loop: [1, 2]\n  vars: { errand_parallel: many }`
  const ran = await play(t, tasks)
  assert.equal(ran.exitCode, 2)
  assert.match(
    String(results(ran.events)[0]?.result.get('msg')),
    /errand_parallel is a whole number above 0, not "many"/u,
  )
})
