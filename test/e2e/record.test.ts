import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import type { Lab as RunningLab } from '../lab/lab.ts'
import { runCommand } from '../lab/run-command.ts'
import { Errand } from '../support/errand.ts'
import { Lab } from '../support/lab.ts'
import { waitFor } from '../support/wait-for.ts'

const skip = Lab.skipReason()

/** Waits on its host until it may go on. */
const gate = 'touch /tmp/at; until [ -e /tmp/go ]; do sleep 0.1; done'

const playbook = `
- name: every kind of line
  hosts: all
  gather_facts: false
  tasks:
    - name: says something
      command: echo "one & <two>"
    - name: loops
      command: echo {{ item }}
      loop: [a, b]
    - name: is skipped
      command: /bin/true
      when: false
    - name: fails and is ignored
      command: /bin/false
      ignore_errors: true
    - name: waits
      shell: ${gate}
    - name: is fired and left
      shell: until [ -e /tmp/over ]; do sleep 0.1; done
      async: 600
      poll: 0
    - name: fails on one
      command: /bin/false
      when: inventory_hostname == ansible_play_hosts_all[0]
`

test(
  'a run is attached to, shown and reported, in its middle and after its end',
  { skip, timeout: 300_000 },
  async (t) => {
    const lab = await Lab.start(t, { hosts: 2 })
    const errand = await Errand.start(t, lab)
    assert.equal((await errand.run(['install', '-i', 'hosts', 'all'])).code, 0)
    await errand.write('site.yml', playbook)
    const args = ['run', '-i', 'hosts', '-v', '--junit', 'run.xml', 'site.yml']
    const first = saidBy(errand.spawn(args))
    await everyHost(lab, 'test -e /tmp/at')
    const runId = String((await errand.json(['runs', '--state', 'running']))[0]?.['runId'])
    const middle = saidBy(errand.spawn(['attach', runId.slice(0, -1)], { COLUMNS: '40' }))
    const lines = saidBy(errand.spawn(['attach', 'last', '--output', 'json']))
    const wide = saidBy(errand.onTerminal(['attach', 'last'], 120))
    await waitFor('those in the middle to have come as far', () =>
      [middle, lines, wide].every(({ printed }) => printed().includes('waits')),
    )
    assert.match((await errand.run(['show', 'last'])).stdout, /^waits +0 .* -$/mu)
    for (const host of lab.hosts) await host.run('touch /tmp/go')

    const printed = await first.end
    assert.equal(printed.code, 2, printed.stderr)
    assert.match(printed.stdout, /^JOBS STILL OUT, errand wait --run \S+ waits for them:$/mu)
    assert.deepEqual(await middle.end, printed)
    assert.deepEqual(await saidBy(errand.spawn(['attach', 'last'])).end, printed)
    const onTerminal = await wide.end
    assert.equal(printed.stderr, '')
    assert.equal(withoutProgress(onTerminal.stdout), printed.stdout)
    assert.match(onTerminal.stdout, /^PLAY \[every kind of line\] \*{94}\r$/mu)

    const events = (await lines.end).stdout
    assert.equal((await errand.run(['show', 'last', '--output', 'json'])).stdout, events)
    const numbers = events.trimEnd().split('\n')
    assert.deepEqual(
      numbers.map((line) => (JSON.parse(line) as { seq: number }).seq),
      numbers.map((_, index) => index + 1),
    )
    await shownAndReported(errand, lab, runId)
  },
)

async function shownAndReported(errand: Errand, lab: RunningLab, runId: string): Promise<void> {
  const shown = (await errand.run(['show', 'last'])).stdout
  for (const line of [
    new RegExp(`^run +${runId}$`, 'mu'),
    /^exit code +2$/mu,
    /^jobs out +2, errand wait --run \S+ waits for them$/mu,
    /^fails and is ignored +0 +0 +0 +0 +0 +2 +\d\S+$/mu,
    /^fails on one +0 +0 +1 +1 +0 +0 +\d\S+$/mu,
    /^j\d{13}\.\d{12} +\S+ +running .* is fired and left$/mu,
  ]) {
    assert.match(shown, line)
  }
  const full = (await errand.run(['show', 'last', '--full', '--junit', 'show.xml'])).stdout
  assert.match(full, /"stdout": "one & <two>"/u)
  const [summary] = await errand.json(['show', 'last'])
  assert.deepEqual([summary?.['runId'], summary?.['exitCode']], [runId, 2])

  const xml = await readFile(join(errand.folder, 'run.xml'), 'utf8')
  assert.equal(await readFile(join(errand.folder, 'show.xml'), 'utf8'), xml)
  const script =
    'import sys, xml.etree.ElementTree as t; r = t.parse(sys.argv[1]).getroot(); ' +
    "print(r.get('tests'), r.get('failures'), r.get('errors'), r.get('skipped'), len(r.findall('testsuite/testcase')))"
  const read = await runCommand(['python3', '-c', script, join(errand.folder, 'run.xml')])
  assert.equal(read.stdout, '14 1 0 3 14\n', read.stderr)

  assert.deepEqual(await errand.json(['prune', '--keep', '0']), [])
  for (const host of lab.hosts) await host.run('touch /tmp/over')
  assert.equal((await errand.run(['wait', '--run', 'last'])).code, 0)
  const would = await errand.json(['prune', '--keep', '0', '--dry-run'])
  assert.deepEqual(
    would.map((run) => run['runId']),
    [runId],
  )
  assert.equal((await errand.json(['prune', '--keep', '0'])).length, 1)
  assert.deepEqual(await errand.json(['runs']), [])
}

const waiting = `
- hosts: all
  gather_facts: false
  tasks:
    - name: is fired
      shell: until [ -e /tmp/over ]; do sleep 0.1; done
      async: 600
      poll: 0
    - name: waits
      shell: "[ -e /tmp/stubborn ] && trap '' TERM; ${gate}"
    - name: comes after
      shell: touch /tmp/after
`

test(
  'a closed terminal detaches, Ctrl-C stops, twice leaves, and jobs are left or cancelled',
  { skip, timeout: 300_000 },
  async (t) => {
    const lab = await Lab.start(t)
    const errand = await Errand.start(t, lab)
    const host = lab.host(1)
    await errand.write('site.yml', waiting)
    const run = ['run', '-i', 'hosts', 'site.yml']
    const isAtGate = () => everyHost(lab, 'test -e /tmp/at')
    const reset = () => host.run('rm -f /tmp/at /tmp/go /tmp/over /tmp/after')
    const stateOf = async (id: string) => (await errand.json(['show', id]))[0]?.['state']

    // The terminal closes: the run goes on.
    const closed = errand.onTerminal(run, 80)
    await isAtGate()
    const gone = once(closed, 'close')
    closed.kill('SIGKILL')
    await gone
    await host.run('touch /tmp/go /tmp/over')
    const attached = await errand.run(['attach', 'last'])
    assert.equal(attached.code, 0, attached.stdout)
    assert.equal((await host.run('test -e /tmp/after')).code, 0)

    // Ctrl-C: what waits and what was fired are left, and named; nothing more is started.
    await reset()
    const left = errand.spawn(run)
    const leftSaid = saidBy(left)
    await isAtGate()
    left.kill('SIGINT')
    const leftEnd = await leftSaid.end
    assert.equal(leftEnd.code, 99)
    assert.equal(leftEnd.stderr, '[ERROR]: User interrupted execution\n')
    assert.match(
      leftEnd.stdout,
      /STILL OUT, errand wait --run \S+ waits(.*\n)+\S+ +: j\S+ is fired\n\S+ +: j\S+ waits\n/u,
    )
    const [, id = ''] = /errand wait --run (\S+)/u.exec(leftEnd.stdout) ?? []
    await host.run('touch /tmp/go /tmp/over')
    const waited = await errand.run(['wait', '--run', id])
    assert.equal(waited.code, 0, waited.stdout + waited.stderr)
    assert.equal((await errand.json(['jobs', '--run', id])).length, 2)
    assert.equal((await host.run('test -e /tmp/after')).code, 1)

    // With cancel they have ended before the run has.
    await reset()
    const cancelled = errand.spawn([...run, '--on-interrupt', 'cancel'])
    const cancelledSaid = saidBy(cancelled)
    await isAtGate()
    cancelled.kill('SIGINT')
    const cancelledEnd = await cancelledSaid.end
    assert.equal(cancelledEnd.code, 99)
    assert.match(
      cancelledEnd.stdout,
      /^JOBS CANCELLED:\n\S+ +: j\S+ is fired\n\S+ +: j\S+ waits\n$/mu,
    )
    assert.deepEqual(await errand.json(['jobs', '--state', 'running']), [])
    assert.deepEqual(await saidBy(errand.spawn(['attach', 'last'])).end, cancelledEnd)

    // The second Ctrl-C does not wait: what ignores TERM is still given its time.
    await reset()
    await host.run('touch /tmp/stubborn')
    const twice = errand.spawn([...run, '--on-interrupt', 'cancel'])
    const twiceSaid = saidBy(twice)
    await isAtGate()
    twice.kill('SIGINT')
    await waitFor('the first to have been taken', async () => {
      const jobs = await errand.json(['jobs', '--state', 'cancelled'])
      return jobs.length >= 3
    })
    twice.kill('SIGINT')
    const twiceEnd = await twiceSaid.end
    assert.equal(twiceEnd.code, 99)
    assert.doesNotMatch(twiceEnd.stdout, /JOBS/u)
    await waitFor(
      'the run to stop all the same',
      async () => (await stateOf('last')) === 'interrupted',
    )

    // Detached, and stopped from elsewhere.
    await reset()
    await host.run('rm /tmp/stubborn')
    const detached = await errand.run([...run, '--detach'])
    assert.equal(detached.code, 0, detached.stderr)
    assert.match(detached.stdout, /^r\d{13}-[a-z]{6}\n$/u)
    const detachedId = detached.stdout.trim()
    const watcher = saidBy(errand.spawn(['attach', detachedId]))
    await isAtGate()
    const stopped = await errand.run(['stop', detachedId])
    assert.equal(stopped.code, 0, stopped.stderr)
    assert.match(stopped.stdout, /JOBS STILL OUT/u)
    assert.equal((await watcher.end).code, 99)
    assert.equal(await stateOf(detachedId), 'interrupted')
    await host.run('touch /tmp/go /tmp/over')
    assert.equal((await errand.run(['wait', '--run', detachedId])).code, 0)
  },
)

interface Saying {
  /** So far, both streams. */
  readonly printed: () => string
  readonly end: Promise<{
    readonly code: number | null
    readonly stdout: string
    readonly stderr: string
  }>
}

function saidBy(child: ChildProcessWithoutNullStreams): Saying {
  let printed = ''
  const collect = (stream: Readable) => {
    stream.on('data', (data: Buffer) => (printed += data.toString()))
    return text(stream)
  }
  const ended = once(child, 'close') as Promise<[number | null]>
  const both = Promise.all([ended, collect(child.stdout), collect(child.stderr)])
  return {
    printed: () => printed,
    end: both.then(([[code], stdout, stderr]) => ({ code, stdout, stderr })),
  }
}

async function everyHost(lab: RunningLab, command: string): Promise<void> {
  await waitFor(`${command} on every host`, async () => {
    const looks = await Promise.all(lab.hosts.map((host) => host.run(command)))
    return looks.every(({ code }) => code === 0)
  })
}

/** What a terminal was sent, without the progress line, and with banners as wide as where there is no terminal. */
function withoutProgress(sent: string): string {
  const [clear, ...parts] = sent.split('\r\u001B[K')
  // What stands between one clearing of the line and the next is a progress line.
  const shown = parts.filter((part, index) => part.includes('\n') || index === parts.length - 1)
  return [clear, ...shown]
    .join('')
    .replaceAll('\r\n', '\n')
    .replaceAll(
      /^(.*\S) \*{3,}$/gmu,
      (_, heading: string) => `${heading} ${'*'.repeat(Math.max(3, 79 - heading.length))}`,
    )
}
