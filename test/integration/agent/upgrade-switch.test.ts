import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { endTrial, launcherOf, layLaunchers } from '../../../agent/upgrade/launchers.ts'
import { waitFor } from '../../support/wait-for.ts'

const script = join(import.meta.dirname, '../../../agent/upgrade/switch.sh')
const shells = [['/bin/sh'], ...(existsSync('/bin/busybox') ? [['/bin/busybox', 'sh']] : [])]

/** A program folder whose agents are scripts: they write who runs, and stay or end as the test says. */
class Place {
  readonly root = mkdtempSync(join(tmpdir(), 'errand-switch-'))
  readonly dir = join(this.root, 'upgrade')
  readonly old = join(this.root, 'agent-01d.mjs')
  readonly new = join(this.root, 'agent-2e3.mjs')
  readonly runs = join(this.root, 'runs')

  constructor(t: TestContext) {
    mkdirSync(this.dir)
    this.write(this.old, 'exec sleep 1000')
    writeFileSync(launcherOf(this.old), `#!/bin/sh\nexec sh ${this.old} "$@"\n`, { mode: 0o755 })
    t.after(async () => {
      for (const { pid } of this.started()) {
        try {
          process.kill(pid, 'SIGKILL')
        } catch {
          // It has ended.
        }
      }
      rmSync(this.root, { recursive: true, force: true })
    })
  }

  /** An agent that writes down its name, pid and words, then does as `body` says. */
  write(bundle: string, body: string): void {
    const name = bundle === this.old ? 'old' : 'new'
    writeFileSync(bundle, `echo "${name} $$ $*" >>${this.runs}\n${body}\n`)
  }

  started(): readonly { readonly name: string; readonly pid: number; readonly words: string }[] {
    return read(this.runs)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [name = '', pid, ...words] = line.split(' ')
        return { name, pid: Number(pid), words: words.join(' ') }
      })
  }

  /** Starts the old agent by the launcher, and a switcher to the new one, which it waits for. */
  async switch(shell: readonly string[], seconds: number): Promise<void> {
    const agent = spawn(launcherOf(this.old), ['serve', 'a b'], { stdio: 'ignore' })
    await waitFor('the old agent', () => this.started().length === 1)
    layLaunchers({ old: this.old, new: this.new, switcher: join(this.dir, 'switcher') })
    const [program = '', ...words] = shell
    const place = [script, this.dir, '', launcherOf(this.old), String(seconds), '0.05']
    const agents = [this.old, this.new, String(agent.pid)]
    const child = spawn(program, [...words, ...place, ...agents, 'serve', 'a b'], {
      stdio: 'inherit',
    })
    await once(child, 'close')
  }

  get files(): readonly string[] {
    return readdirSync(this.root).filter((name) => name.includes('agent'))
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

for (const shell of shells) {
  test(`switch.sh keeps a new agent when it is told to (${shell.join(' ')})`, async (t) => {
    const place = new Place(t)
    place.write(place.new, 'exec sleep 1000')
    const over = place.switch(shell, 60)
    await waitFor('the new agent', () => place.started().at(-1)?.name === 'new')
    writeFileSync(join(place.dir, 'verdict'), 'keep')
    await over
    assert.equal(read(join(place.dir, 'outcome')), 'kept\n')
    assert.deepEqual(place.files, ['agent-2e3.mjs', 'errand-agent'])
    assert.equal(read(launcherOf(place.new)), `#!/bin/sh\nexec sh ${place.new} "$@"\n`)
    assert.deepEqual(
      place.started().map(({ name, words }) => [name, words]),
      [
        ['old', 'serve a b'],
        ['new', 'serve a b'],
      ],
    )
  })

  const bad = [
    [
      'that ends at once',
      'echo "Error: no good" >&2; exit 1',
      '',
      /^reverted it ended: Error: no good$/mu,
    ],
    [
      'that says why',
      'echo "errand-agent: why not" >&2; echo more >&2; exit 1',
      '',
      /: why not$/mu,
    ],
    [
      'that nobody finds good',
      'exec sleep 1000',
      '',
      /^reverted nobody found it good within 1 s$/mu,
    ],
    ['that is found bad', 'exec sleep 1000', 'revert it lost jobs', /^reverted it lost jobs$/mu],
    [
      'that ignores TERM',
      'trap "" TERM; while :; do sleep 1; done',
      'revert it lies',
      /it lies$/mu,
    ],
  ] as const
  for (const [what, body, verdict, outcome] of bad) {
    test(`switch.sh goes back from an agent ${what} (${shell.join(' ')})`, async (t) => {
      const place = new Place(t)
      place.write(place.new, body)
      const before = read(launcherOf(place.old))
      // Only the one that nobody judges is to run into the end of its trial.
      const over = place.switch(shell, what === 'that nobody finds good' ? 1 : 60)
      await waitFor('the new agent', () => place.started().some(({ name }) => name === 'new'))
      if (verdict !== '') writeFileSync(join(place.dir, 'verdict'), verdict)
      await over
      assert.match(read(join(place.dir, 'outcome')), outcome)
      await waitFor('the old agent', () => place.started().length === 3)
      assert.deepEqual(
        place.started().map(({ name }) => name),
        ['old', 'new', 'old'],
      )
      assert.equal(read(launcherOf(place.old)), before)
      assert.deepEqual(place.files, ['agent-01d.mjs', 'errand-agent'])
    })
  }
}

test('the launcher of a trial runs the old agent once its switcher is gone', async (t) => {
  const place = new Place(t)
  place.write(place.old, 'exit 0')
  place.write(place.new, 'exit 0')
  const switcher = join(place.dir, 'switcher')
  layLaunchers({ old: place.old, new: place.new, switcher })
  const run = async () => {
    await once(spawn(`${launcherOf(place.old)}.trial`, ['serve']), 'close')
    return place.started().at(-1)?.name
  }
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  const ticks = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /su, '')
    .split(' ')[19]
  assert.equal(await run(), 'old')
  writeFileSync(switcher, `${process.pid} ${ticks} ${boot} .\n`)
  assert.equal(await run(), 'new')
  writeFileSync(switcher, `${process.pid} 1 ${boot} .\n`)
  assert.equal(await run(), 'old')
  writeFileSync(switcher, `${process.pid} ${ticks} 00000000-0000-0000-0000-000000000000 .\n`)
  assert.equal(await run(), 'old')
  endTrial(place.old, 'kept')
  assert.deepEqual(place.files, ['agent-01d.mjs', 'agent-2e3.mjs', 'errand-agent'])
  assert.match(read(launcherOf(place.old)), /agent-2e3\.mjs/u)
  const wrong = { old: place.old, new: place.new, switcher }
  assert.throws(() => layLaunchers(wrong), { code: 'unsupported' })
})
