import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Kind } from '../lab/kinds.ts'
import type { LabHost } from '../lab/lab-host.ts'
import { agentVariant } from '../support/agent-variants.ts'
import { Errand } from '../support/errand.ts'
import { Lab } from '../support/lab.ts'
import { waitFor } from '../support/wait-for.ts'

const programDir = '/usr/local/lib/errand-agent'
const stateDir = '/var/lib/errand-agent'

type Variant = Parameters<typeof agentVariant>[1]

/** A host with an agent and jobs that run until they are told to end, and a controller that knows builds to come. */
class Scene {
  readonly errand: Errand
  readonly host: LabHost
  jobIds: readonly string[] = []

  constructor(errand: Errand, host: LabHost) {
    this.errand = errand
    this.host = host
  }

  static async start(t: TestContext, kind: Kind): Promise<Scene> {
    const lab = await Lab.start(t, { kind })
    const scene = new Scene(await Errand.start(t, lab), lab.host(1))
    const { errand } = scene
    const script =
      'n=0; while [ ! -e /opt/go ]; do n=$((n + 1)); echo $n; sleep 0.1; done; echo end $n; exit 3'
    for (let job = 0; job < 3; job += 1) {
      const args = [
        'exec',
        '-i',
        'hosts',
        'all',
        '-B',
        '600',
        '-P',
        '0',
        '-m',
        'shell',
        '-a',
        script,
      ]
      const started = await errand.run(args)
      assert.equal(started.code, 0, started.stdout + started.stderr)
    }
    scene.jobIds = (await errand.json(['jobs'])).map((job) => String(job['jobId']))
    assert.equal(scene.jobIds.length, 3)
    return scene
  }

  /** A controller whose own build of the agent is this one. */
  async controllerOf(variant: Variant): Promise<NodeJS.ProcessEnv> {
    await this.errand.run(['controller', 'stop'])
    return { ERRAND_AGENT_BUNDLE: await agentVariant(this.errand.folder, variant) }
  }

  async upgrade(variant: Variant, flags: readonly string[] = []) {
    const env = await this.controllerOf(variant)
    return await this.errand.run(['upgrade', '-i', 'hosts', ...flags], { env })
  }

  /** The bundle that the agent's process runs, and its pid. */
  async agent(): Promise<{ readonly pid: string; readonly bundle: string }> {
    const pid = (await this.host.run(`sed 's/ .*//' ${stateDir}/lock`)).stdout.trim()
    const { stdout } = await this.host.run(
      `tr '\\0' '\\n' </proc/${pid}/cmdline | grep 'agent-.*mjs'`,
    )
    return { pid, bundle: stdout.trim() }
  }

  /** Waits until the new agent is being tried. */
  async onTrial(): Promise<void> {
    const look = `grep -q isAlive ${programDir}/errand-agent`
    await waitFor('the trial', async () => (await this.host.run(look)).code === 0)
  }

  async files(): Promise<readonly string[]> {
    return (await this.host.run(`ls ${programDir}`)).stdout.trim().split('\n')
  }

  /** All jobs still run, by the word of the agent. */
  async jobsRun(): Promise<void> {
    for (const jobId of this.jobIds) {
      const [job] = await this.errand.json(['status', jobId])
      assert.equal(job?.['state'], 'running', JSON.stringify(job))
    }
  }

  /** Ends the jobs: each has its own end, and all that it wrote. */
  async jobsEndWell(): Promise<void> {
    await this.host.run('touch /opt/go')
    for (const jobId of this.jobIds) {
      await this.errand.run(['wait', jobId])
      const [job] = await this.errand.json(['status', jobId])
      assert.deepEqual([job?.['state'], job?.['exitCode']], ['failed', 3], JSON.stringify(job))
      const lines = (await this.errand.run(['logs', jobId])).stdout.trim().split('\n')
      const last = lines.pop()
      assert.deepEqual(
        lines,
        lines.map((_, index) => String(index + 1)),
      )
      assert.equal(last, `end ${lines.length}`)
    }
  }
}

/** Builds that are no good, what is said of each, and flags. Systemd is another way to switch: one of them is enough. */
const bad: readonly (readonly [Variant, RegExp, ...string[]])[] = [
  ['no-serve', /the old one is back: it ended: Error: no serving here$/mu],
  ['silent', /the old one is back: nobody found it good within 6 s/mu, '-T', '2'],
  ['forgetful', /the old one is back: it lost jobs: j\d+\.\d+ is unknown to it/mu],
]

for (const kind of ['sshd', 'systemd'] as const) {
  test(
    `upgrade replaces an agent on a host of kind ${kind} when the new one is good, jobs running`,
    { skip: Lab.skipReason({ kinds: [kind] }) },
    async (t) => {
      const scene = await Scene.start(t, kind)
      const { errand, host } = scene
      const first = await scene.agent()
      const before = await scene.files()

      await t.test('a build that does not start: the agent is not even restarted', async () => {
        const { code, stdout } = await scene.upgrade('broken')
        assert.equal(code, 2, stdout)
        assert.match(stdout, /: failed: .*does not start .*: Error: this build is broken$/mu)
        assert.deepEqual(await scene.agent(), first)
        assert.deepEqual(await scene.files(), before)
      })

      for (const [variant, sentence, ...flags] of kind === 'sshd' ? bad : bad.slice(0, 1)) {
        await t.test(`a build that is ${variant}: the old one is back`, async () => {
          const { code, stdout, stderr } = await scene.upgrade(variant, flags)
          assert.match(stdout, sentence, stderr)
          assert.equal(code, 2)
          assert.equal((await scene.agent()).bundle, first.bundle)
          assert.deepEqual(await scene.files(), before)
          await scene.jobsRun()
        })
      }

      await t.test('a good build stays, and the old one is put away', async () => {
        const env = await scene.controllerOf('next')
        assert.match((await errand.run(['hosts'], { env })).stdout, /0\.1\.0 \(another build\)/u)
        // Another build is no reason to upgrade on the way.
        assert.equal((await errand.run(['exec', '-i', 'hosts', 'all', '-m', 'ping'])).code, 0)
        assert.equal((await scene.agent()).bundle, first.bundle)
        const { code, stdout, stderr } = await errand.run(['upgrade', '-i', 'hosts'])
        assert.equal(code, 0, stdout + stderr)
        assert.match(
          stdout,
          /: done: upgraded from 0\.1\.0 \([0-9a-f]{8}\) to 9\.9\.9 \([0-9a-f]{8}\), 3 jobs went on$/mu,
        )
        const { bundle } = await scene.agent()
        assert.notEqual(bundle, first.bundle)
        await scene.jobsRun()
        const again = await errand.run(['upgrade', '-i', 'hosts', 'all'])
        assert.match(again.stdout, /: skipped: already up to date: errand-agent 9\.9\.9/u)
        const bundles = async () => (await scene.files()).filter((file) => file.endsWith('.mjs'))
        await waitFor('the old build to be gone', async () => (await bundles()).length === 1)
        const named = await host.run(`grep -c ${bundle} ${programDir}/errand-agent`)
        assert.equal(named.code, 0)
      })

      if (kind === 'systemd') await t.test('a power cut in the middle', () => powerCut(scene))
      else await scene.jobsEndWell()
    },
  )
}

/** The unit starts the launcher of the trial, whose switcher is gone: the agent before it runs. */
async function powerCut(scene: Scene): Promise<void> {
  const { errand, host } = scene
  const { bundle } = await scene.agent()
  const env = await scene.controllerOf('silent')
  const upgrade = errand.spawn(['upgrade', '-i', 'hosts', '-T', '20'], env)
  const ended = new Promise((resolve) => upgrade.once('close', resolve))
  await scene.onTrial()
  await host.crash()
  await host.boot()
  await waitFor('the agent to be up', async () => (await scene.agent()).bundle === bundle)
  await ended
  for (const jobId of scene.jobIds) {
    await errand.run(['wait', jobId])
    const [job] = await errand.json(['status', jobId])
    assert.equal(job?.['state'], 'lost', JSON.stringify(job))
    assert.match(String(job?.['detail']), /rebooted/u)
  }
  const { code, stdout, stderr } = await scene.upgrade('foreign')
  assert.match(stdout, /the old one is back: .*protocol/mu, stderr)
  assert.equal(code, 2)
  assert.equal((await scene.agent()).bundle, bundle)
}

test(
  'who finds an agent in the middle of an upgrade, or of an older protocol, gets it right',
  { skip: Lab.skipReason({ kinds: ['sshd'] }) },
  async (t) => {
    const scene = await Scene.start(t, 'sshd')
    const { errand, host } = scene

    await t.test(
      'after kill -9 of the controller the old agent is back by itself, and only it is believed',
      async () => {
        const { bundle } = await scene.agent()
        const env = await scene.controllerOf('forgetful')
        await errand.run(['hosts'], { env })
        const [status] = await errand.json(['controller', 'status'])
        const upgrade = errand.spawn(['upgrade', '-i', 'hosts', '-T', '5'], env)
        const ended = new Promise((resolve) => upgrade.once('close', resolve))
        await scene.onTrial()
        process.kill(Number(status?.['pid']), 'SIGKILL') // before it has judged the new agent
        await ended
        const isOnTrial = async () => {
          const now = (await scene.agent()).bundle
          return now !== '' && now !== bundle
        }
        await waitFor('the new agent', isOnTrial)
        const ping = await errand.run(['exec', '-i', 'hosts', 'all', '-m', 'ping'], { env })
        assert.equal(ping.code, 0, ping.stdout + ping.stderr)
        assert.equal((await scene.agent()).bundle, bundle, 'the agent on trial was spoken to')
        const outcome = (await host.run(`cat ${stateDir}/upgrade/outcome`)).stdout
        assert.match(outcome, /^reverted nobody found it good/u)
        await scene.jobsRun()
        assert.match((await scene.upgrade('next')).stdout, /: done: upgraded from/u)
      },
    )

    await t.test(
      'a run upgrades an agent of an older protocol, and says so when it may not',
      async () => {
        const { pid, bundle } = await scene.agent()
        await errand.run(['controller', 'stop'])
        const launch = `${programDir}/errand-agent launch --state ${stateDir} --listen '[::]' --port 7433`
        const made = await host.run(`cd ${programDir} &&
        sed -E 's/protocolVersion ?= ?[0-9]+/protocolVersion=0/' ${bundle} >agent-old.mjs &&
        sed -i 's/agent-[0-9a-f]*/agent-old/' errand-agent && rm ${bundle} &&
        kill -9 ${pid} && while kill -0 ${pid}; do sleep 0.1; done && ${launch}`)
        assert.equal(made.code, 0, made.stderr)
        const play = '- hosts: all\n  gather_facts: false\n  tasks: [{ ping: }]\n'
        await errand.write('ping.yml', play)
        const refused = await errand.run(['run', '-i', 'hosts', '--no-install', 'ping.yml'])
        assert.match(refused.stdout, /UNREACHABLE.*this agent speaks 0.*: errand upgrade brings/u)
        assert.equal(refused.code, 4)
        const ping = await errand.run(['run', '-i', 'hosts', 'ping.yml'])
        assert.equal(ping.code, 0, ping.stdout + ping.stderr)
        assert.notEqual((await scene.agent()).bundle, `${programDir}/agent-old.mjs`)
        await scene.jobsEndWell()
      },
    )
  },
)
