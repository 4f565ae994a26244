import assert from 'node:assert/strict'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import type { Lab as RunningLab } from '../lab/lab.ts'
import { kills } from '../kills/kills.ts'
import { Errand } from '../support/errand.ts'
import { Lab } from '../support/lab.ts'
import { waitFor } from '../support/wait-for.ts'

const skip = Lab.skipReason()

/** A command that says where it is, waits there until it may go on, and leaves a line. */
function at(place: string): string {
  return `echo ${place} >> $HOME/done; touch $HOME/at.${place}; until [ -e $HOME/go.${place} ]; do sleep 0.1; done`
}

const places = ['sync', 'handler', 'rescue', 'loop', 'poll', 'looks']

const playbook = `
- name: first
  hosts: all
  gather_facts: false
  tasks:
    - name: a synchronous task
      shell: "${at('sync')}; echo {{ inventory_hostname }} said it"
      register: said
      notify: a handler
    - set_fact: { kept: "{{ said.stdout }}" }
    - meta: flush_handlers
    - block:
        - command: /bin/false
      rescue:
        - name: a rescue of {{ ansible_failed_task.action }}
          shell: "${at('rescue')}"
      always:
        - debug: { msg: "{{ kept }}" }
  handlers:
    - name: a handler
      shell: "${at('handler')}"
- name: second
  hosts: all
  gather_facts: false
  tasks:
    - name: a loop
      shell: "{{ item }}"
      loop: ["echo l1 >> $HOME/done", "${at('loop')}", "echo l3 >> $HOME/done"]
    - name: a job that is waited for
      shell: "${at('poll')}; echo {{ kept }} again"
      async: 600
      poll: 2
      register: job
    - debug: { msg: "{{ job.stdout }}" }
    - name: a job that is looked at later
      shell: "${at('looks')}; echo later"
      async: 600
      poll: 0
      register: fired
    - async_status: { jid: "{{ fired.ansible_job_id }}" }
      register: looked
      until: looked.finished
      retries: 600
      delay: 1
    - debug: { msg: "{{ looked.stdout }} {{ looked.rc }}" }
`

test(
  'a run goes on through the death of its controller at every place',
  { skip, timeout: 600_000 },
  async (t) => {
    const lab = await Lab.start(t, { hosts: 2 })
    const errand = await Errand.start(t, lab)
    await errand.write('site.yml', playbook)
    const installed = await errand.run(['install', '-i', 'hosts', 'all'])
    assert.equal(installed.code, 0, installed.stderr)

    const undisturbed = await carriedOut(errand, lab, { isKilled: false })
    const killed = await carriedOut(errand, lab, { isKilled: true })
    assert.equal(killed.ends, places.length + 1)
    assert.equal(undisturbed.code, 0, undisturbed.stdout)
    assert.equal(killed.code, 0, killed.stdout)
    assert.equal(killed.stdout, undisturbed.stdout)
    assert.deepEqual(killed.done, undisturbed.done)
    assert.deepEqual(killed.jobs, undisturbed.jobs)

    await t.test('no task of a host runs twice or never, at whatever moments', async () => {
      const report = await kills({ lab, errand }, { seed: 7, kills: 4, runMs: 180_000 })
      assert.equal(report.kills, 4)
      assert.deepEqual(report.faults, [])
    })
  },
)

async function carriedOut(
  errand: Errand,
  lab: RunningLab,
  { isKilled }: { readonly isKilled: boolean },
) {
  for (const host of lab.hosts) await host.run('rm -f $HOME/at.* $HOME/go.* $HOME/done')
  const child = errand.spawn(['run', '-i', 'hosts', 'site.yml'])
  let printed = ''
  child.stdout.on('data', (data: Buffer) => (printed += data.toString()))
  const stderr = text(child.stderr)
  const ended = once(child, 'exit') as Promise<[number | null]>
  let ends = 0
  const end = async (place: string) => {
    if (!isKilled) return
    ends += 1
    const pid = await waitFor('a controller', async () => {
      const { code, stdout } = await errand.run(['controller', 'status', '--json'])
      return code === 0 && (JSON.parse(stdout) as { pid: number }).pid
    })
    // One that is asked to leave comes to the same as one that was killed.
    if (place === 'loop') {
      const { stderr } = await errand.run(['controller', 'stop'])
      return assert.match(stderr, /1 run goes on when the next controller starts/u)
    }
    process.kill(pid, 'SIGKILL')
  }
  for (const place of places) {
    await waitFor(`every host at ${place}`, async () => {
      const looks = await Promise.all(
        lab.hosts.map((host) => host.run(`test -e $HOME/at.${place}`)),
      )
      return looks.every(({ code }) => code === 0)
    })
    await end(place)
    for (const host of lab.hosts) await host.run(`touch $HOME/go.${place}`)
    if (place === 'rescue') {
      await waitFor('the second play', () => printed.includes('PLAY [second]'))
      await end('between plays')
    }
  }
  const [code] = await ended
  const [run] = await errand.json(['runs', '--limit', '1'])
  const jobs = await errand.json(['jobs', '--run', String(run?.['runId'])])
  const done = await Promise.all(
    lab.hosts.map(async (host) => (await host.run('sort $HOME/done')).stdout),
  )
  return {
    code,
    ends,
    stdout: masked(printed) + (code === 0 ? '' : await stderr),
    done,
    jobs: jobs
      .map(({ host, name, state }) => `${String(host)} ${String(name)} ${String(state)}`)
      .toSorted(),
  }
}

/** Without what is another each time: job ids, and how often a wait was told of. Hosts work side by side. */
function masked(printed: string): string {
  const lines = printed
    .replaceAll(/j\d{13}\.\d{12}/gu, 'JOB')
    .replaceAll(/"(delta|start|end)": "[^"]*"/gu, '"$1": "TIME"')
    .split('\n')
    .filter((line) => !line.startsWith('ASYNC POLL') && !line.startsWith('FAILED - RETRYING'))
  const blocks: string[][] = [[]]
  for (const line of lines) {
    if (/^(?:PLAY|TASK|RUNNING)/u.test(line)) blocks.push([])
    blocks.at(-1)?.push(line)
  }
  return blocks
    .map((block) => [...block.slice(0, 1), ...block.slice(1).toSorted()].join('\n'))
    .join('\n')
}
