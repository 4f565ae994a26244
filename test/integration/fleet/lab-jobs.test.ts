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

const skip = await Lab.skipReason({ kinds: ['sshd'] })

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

const untilGo = 'while [ ! -e /root/go ]; do sleep 0.05; done'

test(
  'a job whose agent is killed with -9 and started again comes to its right end, with all output',
  { skip },
  async (t) => {
    const { host, controller, prepared } = await stage(t)
    const spec = shellJob(`echo one; ${untilGo}; echo two; exit 7`)
    await controller.start(prepared, spec)
    const ended = controller.wait(spec.jobId)
    await host.run("kill -9 $(sed 's/ .*//' /var/lib/errand-agent/lock)")
    await waitFor('the controller to notice', async () => {
      const reach = await controller.ask<AgentReach>({
        op: 'connection',
        agentId: prepared.agentId,
      })
      return reach.state === 'unreachable' && /unreachable since \d{4}-/u.test(reach.detail ?? '')
    })
    const row = await controller.ask<JobRow>({ op: 'job', jobId: spec.jobId })
    assert.equal(row.report?.state.kind, 'running')
    assert.ok((row.lastSeenMs ?? 0) > 0)
    await host.run('touch /root/go')
    assert.equal((await controller.prepare(targetOf(host))).agentId, prepared.agentId)
    const { state } = await ended
    assert.deepEqual(state.kind === 'failed' && state.failure, { kind: 'exit', exitCode: 7 })
    assert.equal(await outputOf(controller, spec.jobId), 'one\ntwo\n')
  },
)

test(
  'wait() goes on through a cut network and resolves when it is whole again',
  { skip },
  async (t) => {
    const { host, controller, prepared } = await stage(t)
    const spec = shellJob(`${untilGo}; echo done`)
    await controller.start(prepared, spec)
    const ended = controller.wait(spec.jobId)
    await host.drop('on')
    await waitFor(
      'the heartbeat to be missed',
      async () =>
        (await controller.ask<AgentReach>({ op: 'connection', agentId: prepared.agentId }))
          .state === 'unreachable',
      { timeoutMs: 60_000 },
    )
    await failsWith(
      controller.ask({ op: 'look', jobId: spec.jobId }),
      'unreachable',
      /does not answer within/u,
    )
    await host.run('touch /root/go')
    await host.drop('off')
    assert.equal((await ended).state.kind, 'succeeded')
  },
)

test(
  'resume() finds the ends of jobs that an earlier controller left, and a job that was never sent',
  { skip },
  async (t) => {
    const { lab, host, controller, prepared } = await stage(t)
    const left = shellJob(`echo kept; ${untilGo}`)
    await controller.start(prepared, left)
    // A job that is in the record and whose submit never left.
    await host.drop('on')
    const unsent = shellJob('echo never')
    await failsWith(
      controller.start({ ...prepared, target: { ...prepared.target, timeoutMs: 1 } }, unsent),
      'unreachable',
      /./u,
    ).catch(() => undefined)
    await controller.kill()
    await host.run('touch /root/go')
    await host.drop('off')

    const next = await ControllerInLab.start(t, lab, { home: controller.home })
    await next.ask({ op: 'resume' })
    assert.equal((await next.wait(left.jobId)).state.kind, 'succeeded')
    assert.equal(await outputOf(next, left.jobId), 'kept\n')
    const { state } = await next.wait(unsent.jobId)
    assert.equal(state.kind === 'lost' && state.evidence, 'it never reached the host')
  },
)

test('a submit that is sent twice runs once', { skip }, async (t) => {
  const { host, controller, prepared } = await stage(t, { repeatSubmits: true })
  const specs = Array.from({ length: 20 }, () => shellJob('echo x >>/root/count'))
  await Promise.all(specs.map((spec) => controller.start(prepared, spec)))
  const ends = await Promise.all(specs.map(({ jobId }) => controller.wait(jobId)))
  assert.deepEqual(new Set(ends.map(({ state }) => state.kind)), new Set(['succeeded']))
  assert.equal((await host.run('wc -l </root/count')).stdout.trim(), '20')
})

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
