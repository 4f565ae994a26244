import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { AgentReach } from '../../../controller/fleet/fleet.ts'
import type { PreparedHost } from '../../../controller/run/ports.ts'
import type { JobRow } from '../../../controller/store/store.ts'
import type { JobReport } from '../../../proto/job.ts'
import { Lab } from '../../support/lab.ts'
import { waitFor } from '../../support/wait-for.ts'
import type { LabHost } from '../../lab/lab-host.ts'
import type { Lab as RunningLab } from '../../lab/lab.ts'
import {
  ControllerInLab,
  failsWith,
  shellJob,
  targetOf,
  type ControllerOptions,
} from './controller-in-lab.ts'

const skip = Lab.skipReason({ kinds: ['sshd'] })

interface Stage {
  readonly lab: RunningLab
  readonly host: LabHost
  readonly controller: ControllerInLab
  readonly prepared: PreparedHost
}

async function stage(t: TestContext, options: ControllerOptions = {}): Promise<Stage> {
  const lab = await Lab.start(t)
  const host = lab.host(1)
  const controller = await ControllerInLab.start(t, lab, options)
  return { lab, host, controller, prepared: await controller.prepare(targetOf(host)) }
}

async function outputOf(controller: ControllerInLab, jobId: string): Promise<string> {
  return Buffer.from(await controller.ask<string>({ op: 'output', jobId }), 'base64').toString()
}

const untilGo = (file: string) => `while [ ! -e /root/${file} ]; do sleep 0.05; done`

const reachOf = ({ controller, prepared }: Stage) =>
  controller.ask<AgentReach>({ op: 'connection', agentId: prepared.agentId })

const killAgent = (host: LabHost) => host.run("kill -9 $(sed 's/ .*//' /var/lib/errand-agent/lock)")

test(
  'jobs come to their right ends through every fault, with all output, and run once',
  { skip },
  async (t) => {
    const scene = await stage(t)
    const { lab, host, controller, prepared } = scene

    await t.test(
      'the agent is killed with -9: it is started again, and the job is the same',
      async () => {
        const spec = shellJob(`echo one; ${untilGo('a')}; echo two; exit 7`)
        await controller.start(prepared, spec)
        const ended = controller.wait(spec.jobId)
        await killAgent(host)
        const reach = await waitFor('the controller to notice', async () => {
          const now = await reachOf(scene)
          return now.state === 'unreachable' && now
        })
        assert.match(reach.detail ?? '', /^unreachable since \d{4}-\d\d-\d\dT/u)
        const row = await controller.ask<JobRow>({ op: 'job', jobId: spec.jobId })
        assert.equal(row.report?.state.kind, 'running')
        assert.ok((row.lastSeenMs ?? 0) > 0)
        await waitFor(
          'the agent to be back',
          async () => (await reachOf(scene)).state === 'connected',
          { timeoutMs: 60_000 },
        )
        await host.run('touch /root/a')
        const { state } = await ended
        assert.deepEqual(state.kind === 'failed' && state.failure, { kind: 'exit', exitCode: 7 })
        assert.equal(await outputOf(controller, spec.jobId), 'one\ntwo\n')
      },
    )

    await t.test('the agent is killed while nothing runs: the next contact starts it', async () => {
      await killAgent(host)
      await waitFor(
        'the controller to notice',
        async () => (await reachOf(scene)).state !== 'connected',
      )
      const again = await controller.prepare(targetOf(host))
      assert.equal(again.agentId, prepared.agentId)
      assert.ok(again.steps.includes('start'), again.steps.join())
      assert.ok(!again.steps.includes('enrol'), again.steps.join())
    })

    await t.test(
      'the network is cut: the host is said to be silent, and waiting goes on',
      async () => {
        const spec = shellJob(`${untilGo('b')}; echo done`)
        await controller.start(prepared, spec)
        const ended = controller.wait(spec.jobId)
        await host.drop('on')
        await waitFor(
          'three heartbeats to be missed',
          async () => (await reachOf(scene)).state === 'unreachable',
          {
            timeoutMs: 60_000,
          },
        )
        await failsWith(
          controller.ask({ op: 'look', jobId: spec.jobId }),
          'unreachable',
          /does not answer within|there is no route/u,
        )
        await host.run('touch /root/b')
        await host.drop('off')
        assert.equal((await ended).state.kind, 'succeeded')
      },
    )

    await t.test(
      'the controller is killed: the next one finds the ends, and what was never sent is lost',
      async (s) => {
        const left = shellJob(`echo kept; ${untilGo('c')}`)
        await controller.start(prepared, left)
        await host.drop('on')
        const unsent = shellJob('echo never >/root/never')
        void controller.start(prepared, unsent).catch(() => undefined) // its controller is killed
        await waitFor('the job to be in the record', () =>
          controller.ask<JobRow | null>({ op: 'job', jobId: unsent.jobId }),
        )
        await controller.kill()
        await host.run('touch /root/c')
        // The kernel would still deliver what the killed controller has sent: its host's answers are cut off for good.
        await lab.run(['ss', '-K', 'dst', host.address])
        await host.drop('off')

        const next = await ControllerInLab.start(s, lab, {
          home: controller.home,
          repeatSubmits: true,
        })
        await next.ask({ op: 'resume' })
        assert.equal((await next.wait(left.jobId)).state.kind, 'succeeded')
        assert.equal(await outputOf(next, left.jobId), 'kept\n')
        const { state } = await next.wait(unsent.jobId)
        assert.equal(state.kind === 'lost' && state.evidence, 'it never reached the host')
        const late = await next.start(prepared, unsent)
        assert.equal(late.state.kind, 'lost', 'a late submit starts nothing')
        assert.equal((await host.run('cat /root/never')).stdout, '')

        const specs = Array.from({ length: 20 }, () => shellJob('echo x >>/root/count'))
        await Promise.all(specs.map((spec) => next.start(prepared, spec)))
        const ends = await Promise.all(specs.map(({ jobId }) => next.wait(jobId)))
        assert.deepEqual(new Set(ends.map((end) => end.state.kind)), new Set(['succeeded']))
        assert.equal((await host.run('wc -l </root/count')).stdout.trim(), '20')
      },
    )
  },
)

test('output, files and cancelling work over one agent', { skip }, async (t) => {
  const { lab, host, controller, prepared } = await stage(t)

  await t.test(
    'output beyond what a report carries comes whole, while it is written and after',
    async () => {
      const spec = shellJob(
        'for i in 1 2 3 4 5 6 7 8; do head -c 300000 /dev/zero | tr "\\\\0" "$i"; sleep 0.1; done',
      )
      await controller.start(prepared, spec)
      const followed = Buffer.from(
        await controller.ask<string>({ op: 'follow', jobId: spec.jobId }),
        'base64',
      )
      assert.equal(followed.length, 2_400_000)
      await controller.wait(spec.jobId)
      const later = Buffer.from(
        await controller.ask<string>({ op: 'output', jobId: spec.jobId }),
        'base64',
      )
      assert.equal(Buffer.compare(followed, later), 0)
    },
  )

  await t.test('a file goes there and another comes back, byte for byte', async () => {
    const bytes = randomBytes(3_000_001)
    const path = join(lab.directory, 'upload')
    await writeFile(path, bytes)
    const uploadId = await controller.ask<string>({ op: 'upload', host: prepared, path })
    assert.match(uploadId, /^u[0-9a-f]{32}$/u)
    await host.run('head -c 3000001 /dev/urandom >/root/file')
    const there = await controller.ask<string>({
      op: 'download',
      host: prepared,
      path: '/root/file',
    })
    const sum = (await host.run('sha256sum </root/file')).stdout.split(' ')[0]
    const { createHash } = await import('node:crypto')
    assert.equal(createHash('sha256').update(Buffer.from(there, 'base64')).digest('hex'), sum)
  })

  await t.test('cancel() ends a job and says so', async () => {
    const spec = shellJob('trap "" TERM; sleep 1000 & wait; sleep 1000')
    await controller.start(prepared, spec)
    const report = await controller.ask<JobReport>({ op: 'cancel', jobId: spec.jobId })
    assert.equal(report.state.kind, 'cancelled')
    assert.equal((await controller.wait(spec.jobId)).state.kind, 'cancelled')
  })

  await t.test('forget() drops a job, and its id starts nothing any more', async () => {
    const spec = shellJob('echo x >>/root/once')
    await controller.start(prepared, spec)
    await controller.wait(spec.jobId)
    await controller.ask({ op: 'forget', jobId: spec.jobId })
    await failsWith(
      controller.ask({ op: 'look', jobId: spec.jobId }),
      'not_found',
      /was cleaned up/u,
    )
    assert.equal(
      (await host.run(`ls /var/lib/errand-agent/spool | grep -c ${spec.jobId}`)).stdout.trim(),
      '0',
    )
    await controller.start(prepared, spec).catch(() => undefined)
    assert.equal((await host.run('cat /root/once')).stdout, 'x\n')
  })

  await t.test('an unknown job is not found', async () => {
    await failsWith(
      controller.ask({ op: 'look', jobId: 'j0000000000000.000000000000' }),
      'not_found',
      /there is no job/u,
    )
  })

  await t.test('a program that is not there is a result, not an error', async () => {
    const spec = shellJob('', { work: { kind: 'command', argv: ['/no/such'], checkOnly: false } })
    const { state } = await controller
      .start(prepared, spec)
      .then(({ jobId }) => controller.wait(jobId))
    assert.equal(
      state.kind === 'failed' && state.failure.kind === 'start' && state.failure.errno,
      'ENOENT',
    )
  })
})
