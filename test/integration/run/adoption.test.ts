import assert from 'node:assert/strict'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempDisposableSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { stringifyJson } from '../../../proto/json-text.ts'
import { Float, isMap } from '../../../proto/value.ts'
import { live, Survivors, type Life } from '../../support/crashing-world.ts'
import { requestOf } from '../../support/run-here.ts'
import { waitFor } from '../../support/wait-for.ts'

/** How many moments of each playbook are tried: all of them when there are fewer. */
const moments = Number(process.env['ERRAND_TEST_MOMENTS'] ?? 8)

interface Case {
  readonly name: string
  readonly files: Readonly<Record<string, string>>
  readonly step?: true
}

const once = (what: string) => `echo '${what}' '{{ inventory_hostname }}' >> {{ folder }}/done`

const cases: readonly Case[] = [
  {
    name: 'tasks that the user wants or not, facts, registered results, handlers and a second play',
    step: true,
    files: {
      'site.yml': `
- hosts: all
  gather_facts: false
  tasks:
    - shell: "${once('one')}; echo {{ inventory_hostname }}"
      register: r
      notify: [first, second]
    - set_fact: { mine: "{{ r.stdout }}!" }
    - debug: { msg: "{{ mine }} {{ r.rc }}" }
    - shell: "${once('two')}; false"
      ignore_errors: true
    - name: not wanted {n}
      shell: "${once('never')}"
    - meta: flush_handlers
    - name: from here on all {c}
      shell: "${once('three')}"
      notify: first
  handlers:
    - name: first
      shell: "${once('first')}"
    - name: second
      shell: "${once('second')}"
- hosts: a
  gather_facts: false
  tasks:
    - debug: { msg: "{{ hostvars['b'].mine }}" }
    - shell: "${once('four')}"
`,
    },
  },
  {
    name: 'blocks with rescue and always, and a host that fails',
    files: {
      'site.yml': `
- hosts: all
  gather_facts: false
  tasks:
    - block:
        - shell: "${once('try')}; [ {{ inventory_hostname }} = b ]"
        - shell: "${once('tried')}"
      rescue:
        - debug: { msg: "{{ ansible_failed_result.rc }}" }
        - shell: "${once('rescued')}"
      always:
        - shell: "${once('always')}"
    - fail: { msg: no }
      when: inventory_hostname == 'a'
    - shell: "${once('last')}"
`,
    },
  },
  {
    name: 'loops, until, items at a time',
    files: {
      'site.yml': `
- hosts: all
  gather_facts: false
  tasks:
    - shell: "${once('item {{ item }}')}"
      loop: [1, 2, 3]
      register: r
    - debug: { msg: "{{ r.results | map(attribute='item') | list }}" }
    - shell: "${once('together {{ item }}')}"
      loop: [1, 2, 3]
      vars: { errand_parallel: 2 }
    - shell: "echo x >> {{ folder }}/tries.{{ inventory_hostname }}; [ $(wc -l < {{ folder }}/tries.{{ inventory_hostname }}) -ge 3 ]"
      until: t is succeeded
      retries: 5
      delay: 0.01
      register: t
    - debug: { msg: "{{ t.attempts }}" }
`,
    },
  },
  {
    name: 'asynchronous tasks, waited for, checked later and left',
    files: {
      'site.yml': `
- hosts: all
  gather_facts: false
  tasks:
    - shell: "${once('waited')}; sleep 0.2; echo said"
      async: 60
      poll: 5
      register: w
    - debug: { msg: "{{ w.stdout }} {{ w.finished }}" }
    - shell: "${once('fired')}; sleep 0.2; echo later"
      async: 60
      poll: 0
      register: f
    - async_status: { jid: "{{ f.ansible_job_id }}" }
      register: s
      until: s.finished
      retries: 100
      delay: 0.05
    - debug: { msg: "{{ s.stdout }} {{ s.cmd is defined }} {{ s.rc }}" }
`,
    },
  },
  {
    name: 'includes in loops, roles, run_once, delegation, new hosts and groups',
    files: {
      'site.yml': `
- hosts: all
  gather_facts: false
  tasks:
    - include_tasks: more.yml
      loop: [x, y]
    - include_role: { name: r }
      vars: { given: 1 }
    - shell: "${once('once')}; echo shared"
      run_once: true
      register: o
    - debug: { msg: "{{ o.stdout }}" }
    - shell: "${once('delegated')}"
      delegate_to: c
    - add_host: { name: "new-{{ inventory_hostname }}", groups: added, number: 7 }
    - group_by: { key: "g_{{ inventory_hostname }}" }
    - include_vars: { file: vars.yml }
    - debug: { msg: "{{ from_file }}" }
    - set_stats: { data: { count: 1 }, aggregate: true }
- hosts: added:g_b
  gather_facts: false
  tasks:
    - shell: "${once('new {{ number | default(0) }}')}"
`,
      'more.yml': `
- shell: "${once('included {{ item }}')}"
  register: included
- debug: { msg: "{{ included.rc }} {{ item }}" }
`,
      'vars.yml': 'from_file: "{{ inventory_hostname }} read it"\n',
      'roles/r/tasks/main.yml': `
- shell: "${once('role {{ given }} {{ kept }}')}"
  notify: of the role
`,
      'roles/r/defaults/main.yml': 'kept: 5\n',
      'roles/r/handlers/main.yml': `- name: of the role\n  shell: "${once('role handler')}"\n`,
    },
  },
  {
    name: 'items that are others when they are asked for again',
    files: {
      'site.yml': `
- hosts: a
  gather_facts: false
  tasks:
    - shell: "${once('item {{ item }}')}; echo 8 9 > {{ folder }}/todo"
      loop: "{{ lookup('file', folder ~ '/todo') | split }}"
`,
      todo: '1 2 3\n',
    },
  },
  {
    name: 'what another host learned, under the free strategy',
    files: {
      'site.yml': `
- hosts: a,b
  gather_facts: false
  strategy: free
  tasks:
    - shell: while [ ! -e {{ folder }}/known ]; do sleep 0.02; done
      when: inventory_hostname == 'b'
    - shell: "${once("{{ hostvars['a'].x }}")}"
      when: inventory_hostname == 'b'
    - debug: { msg: 1 }
    - debug: { msg: 2 }
    - set_fact: { x: 1 }
      when: inventory_hostname == 'a'
    - shell: touch {{ folder }}/known
      when: inventory_hostname == 'a'
`,
    },
  },
  {
    name: 'batches and the free strategy',
    files: {
      'site.yml': `
- hosts: all
  gather_facts: false
  serial: 1
  tasks:
    - shell: "${once('batch')}"
      notify: h
  handlers:
    - name: h
      shell: "${once('handled')}"
- hosts: all
  gather_facts: false
  strategy: free
  tasks:
    - shell: "${once('free one')}"
    - shell: "${once('free two')}"
      when: inventory_hostname != 'a'
`,
    },
  },
]

for (const { name, ...given } of cases) {
  test(`a run goes on as if nothing had been when its controller died: ${name}`, async () => {
    const undisturbed = await carriedOut(given)
    assert.ok(undisturbed.life.exitCode !== undefined)
    const all = undisturbed.life.touches
    const step = Math.max(1, Math.floor(all / moments))
    for (let touches = 0; touches < all; touches += step) {
      const told = await carriedOut(given, touches)
      const where = `dead after ${touches} of ${all} touches`
      assert.equal(told.life.exitCode, undisturbed.life.exitCode, where)
      assert.deepEqual(told.done, undisturbed.done, where)
      assert.deepEqual(told.events, undisturbed.events, where)
      assert.equal(told.jobs, undisturbed.jobs, where)
    }
  })
}

/** Carries a playbook out; with `touches` the first controller dies there, and another one goes on. */
async function carriedOut({ files, step }: Omit<Case, 'name'>, touches?: number) {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'errand-adoption-'))
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder.path, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  writeFileSync(join(folder.path, 'done'), '')
  const request = requestOf({
    cwd: folder.path,
    playbooks: ['site.yml'],
    inventories: ['a,b,c,'],
    extraVars: [`folder=${folder.path}`],
    ...(step ? { step } : {}),
  })
  await using survivors = new Survivors()
  let life: Life | undefined
  if (touches !== undefined) life = await live(request, survivors, { touches })
  if (life?.exitCode === undefined) life = await live(request, survivors)
  return {
    life,
    done: readFileSync(join(folder.path, 'done'), 'utf8').trim().split('\n').toSorted(),
    events: told(survivors, folder.path),
    jobs: survivors.agents.started.length,
  }
}

/** What the record tells, without what is another each time, in an order of its own: hosts work side by side. */
function told({ events }: Survivors, folder: string): readonly string[] {
  return events
    .filter(({ kind }) => kind !== 'async_poll' && kind !== 'install_step' && kind !== 'retrying')
    .filter((event) => event.kind !== 'task_started')
    .map((event) =>
      stringifyJson(sorted(event))
        .replaceAll(folder, 'FOLDER')
        .replaceAll(/j\d{13}\.\d{12}/gu, 'JOB')
        .replaceAll(/"(start|end|delta)":"[^"]*"/gu, '"$1":"TIME"')
        .replaceAll(
          /"attempts":\d+(?=[^{}]*"ansible_job_id")|"ansible_job_id":"JOB"[^{}]*"attempts":\d+/gu,
          '"LOOKS"',
        ),
    )
    .toSorted()
}

/** Which host was counted first is not the same each time. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null || value instanceof Float) return value
  const entries: readonly (readonly [unknown, unknown])[] = isMap(value)
    ? [...value]
    : Object.entries(value)
  const inOrder = entries.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1))
  return new Map(inOrder.map(([key, part]) => [key, sorted(part)]))
}

for (const name of ['site.yml', 'hosts.ini', 'limit', 'ansible.cfg']) {
  test(`a run does not go on when ${name} has changed that it had read`, async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'errand-adoption-'))
    const files = {
      'site.yml': '- hosts: all\n  gather_facts: false\n  tasks:\n    - shell: echo one\n',
      'hosts.ini': 'a\nb\n',
      limit: 'a\n',
      'ansible.cfg': '[defaults]\n',
    }
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder.path, file), text)
    const request = { ...requestIn(folder.path), inventories: ['hosts.ini'], limit: '@limit' }
    await using survivors = new Survivors()
    const died = await live(request, survivors, { touches: 12 })
    assert.equal(died.exitCode, undefined)
    appendFileSync(join(folder.path, name), '# another\n')
    await assert.rejects(live(request, survivors), {
      code: 'conflict',
      message: new RegExp(`${name} has changed since the run began`, 'u'),
    })
  })
}

test('an inventory script is not asked again when a run goes on', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'errand-adoption-'))
  const text = '- hosts: all\n  gather_facts: false\n  tasks:\n    - shell: echo one\n'
  writeFileSync(join(folder.path, 'site.yml'), text)
  const script = join(folder.path, 'hosts')
  const said = '{"all": {"hosts": ["a%s"]}, "_meta": {"hostvars": {}}}'
  writeFileSync(script, `#!/bin/sh\necho x >> asked; printf '${said}' $(wc -l < asked)\n`)
  chmodSync(script, 0o755)
  const request = { ...requestIn(folder.path), inventories: [script] }
  await using survivors = new Survivors()
  await live(request, survivors, { touches: 12 })
  const { exitCode } = await live(request, survivors)
  assert.equal(exitCode, 0)
  const plays = survivors.events.filter((event) => event.kind === 'play_started')
  assert.deepEqual(
    plays.map(({ hosts }) => hosts),
    [['a1']],
  )
})

test('hosts in an order that was drawn keep it when a run goes on', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'errand-adoption-'))
  const hosts = 'a,b,c,d,e,f,g,h'
  const play = 'hosts: all\n  gather_facts: false\n  order: shuffle\n  serial: 4'
  writeFileSync(join(folder.path, 'site.yml'), `- ${play}\n  tasks:\n    - debug: { msg: 1 }\n`)
  const request = { ...requestIn(folder.path), inventories: [hosts] }
  await using survivors = new Survivors()
  await live(request, survivors, { touches: 9 })
  const { exitCode } = await live(request, survivors)
  assert.equal(exitCode, 0)
  const [all, second] = survivors.events.filter((event) => event.kind === 'play_started')
  assert.deepEqual(second?.hosts, all?.hosts.slice(4))
})

test('a pause lasts from its recorded beginning', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'errand-adoption-'))
  const text = '- hosts: all\n  gather_facts: false\n  tasks:\n    - pause: { minutes: 1 }\n'
  writeFileSync(join(folder.path, 'site.yml'), text)
  const slept: number[] = []
  const clockAt = (nowMs: number) => ({
    nowMs: () => nowMs,
    sleep: async (ms: number) => void slept.push(ms),
  })
  let touches = 0
  for (; slept.length === 0; touches += 1) {
    await using survivors = new Survivors()
    await live(requestIn(folder.path), survivors, { touches, clock: clockAt(1_000_000) })
    if (slept.length === 0) continue
    const next = await live(requestIn(folder.path), survivors, { clock: clockAt(1_040_000) })
    assert.equal(next.exitCode, 0)
  }
  assert.deepEqual(slept, [60_000, 20_000])
})

test('a host that is away when its run goes on is not unreachable for a job whose end is known', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'errand-adoption-'))
  const tasks = ['shell: echo one', 'command: echo two\n      async: 60\n      poll: 1']
  for (const task of tasks) {
    const text = `- hosts: all\n  gather_facts: false\n  tasks:\n    - ${task}\n`
    writeFileSync(join(folder.path, 'site.yml'), text)
    const away: Record<string, string> = {}
    await using survivors = await diedWithAnswer(folder.path, away)
    away['a'] = 'it is away'
    const { exitCode } = await live(requestIn(folder.path), survivors)
    assert.equal(exitCode, 0, task)
    assert.equal(survivors.agents.started.length, 1)
  }
})

test('a run that another version of errand recorded ends with a sentence', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'errand-adoption-'))
  const text = '- hosts: all\n  gather_facts: false\n  tasks: [{ ping: }, { ping: }]\n'
  writeFileSync(join(folder.path, 'site.yml'), text)
  const request = requestIn(folder.path)
  const isRecorded = ({ checkpoints }: Survivors) =>
    [...checkpoints.keys()].some((position) => /^t:.*#1$/su.test(position))
  for (let touches = 0; ; touches += 1) {
    await using survivors = new Survivors()
    const { exitCode } = await live(request, survivors, { touches })
    assert.equal(exitCode, undefined)
    if (!isRecorded(survivors)) continue
    survivors.checkpoints.set('record', '0')
    await assert.rejects(live(request, survivors), {
      code: 'conflict',
      message: /begun by another version of errand/u,
    })
    break
  }
})

test('a run that goes on sees to the agent of a job that it waits for', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'errand-adoption-'))
  const go = join(folder.path, 'go')
  const task = `shell: until [ -e ${go} ]; do sleep 0.02; done\n      async: 60\n      poll: 1`
  const text = `- hosts: all\n  gather_facts: false\n  tasks:\n    - ${task}\n`
  writeFileSync(join(folder.path, 'site.yml'), text)
  await using survivors = await diedWithAnswer(folder.path, {})
  const { agents } = survivors
  const before = agents.prepared.length
  const run = live(requestIn(folder.path), survivors)
  await waitFor('the host to be looked after', () => agents.prepared.length > before)
  writeFileSync(go, '')
  assert.equal((await run).exitCode, 0)
  assert.equal(agents.started.length, 1)
})

function requestIn(cwd: string) {
  return requestOf({ cwd, playbooks: ['site.yml'], inventories: ['a,'] })
}

/** What is left of a run whose controller died as soon as it had an agent's first answer. */
async function diedWithAnswer(cwd: string, unreachable: Record<string, string>) {
  for (let touches = 0; ; touches += 1) {
    const survivors = new Survivors({ unreachable })
    await live(requestIn(cwd), survivors, { touches })
    if (survivors.answered.size > 0) return survivors
    await survivors[Symbol.asyncDispose]()
  }
}

test('a run that goes on begins with the cached facts that it began with, whatever it has cached since', async () => {
  const play = `- hosts: all
  gather_facts: false
  tasks:
    - debug: { msg: "{{ count | default('none') }}" }
    - set_fact: { count: "{{ count | default(0) | int + 1 }}", cacheable: true }
    - debug: { msg: "{{ count }}" }
`
  for (let touches = 0, isOver = false; !isOver; touches += 1) {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'errand-adoption-'))
    writeFileSync(join(folder.path, 'site.yml'), play)
    const config = '[defaults]\nfact_caching = jsonfile\nfact_caching_connection = cache\n'
    writeFileSync(join(folder.path, 'ansible.cfg'), config)
    await using survivors = new Survivors()
    const first = await live(requestIn(folder.path), survivors, { touches })
    isOver = first.exitCode !== undefined
    const { exitCode } = await live(requestIn(folder.path), survivors)
    assert.equal(exitCode, 0)
    const said = survivors.events
      .filter((event) => event.kind === 'host_result')
      .map(({ result }) => result.get('msg'))
    assert.deepEqual(said, ['none', undefined, '1'])
    assert.match(readFileSync(join(folder.path, 'cache/a'), 'utf8'), /"count": "1"/u)
  }
})
