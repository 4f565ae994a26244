import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import type { LabHost } from '../lab/lab-host.ts'
import { Errand } from '../support/errand.ts'
import { Lab } from '../support/lab.ts'
import { waitFor } from '../support/wait-for.ts'

const skip = Lab.skipReason()

const agent = "$(pgrep -f '[e]rrand-agent.* serve')"

/** Ways for a host to fall silent, and how each ends. */
const silences = [
  {
    name: 'an agent that is stopped',
    begin: (host: LabHost) => onHost(host, `kill -STOP ${agent}`),
    end: (host: LabHost) => onHost(host, `kill -CONT ${agent}`),
  },
  {
    name: 'a host whose words are lost',
    begin: (host: LabHost) => host.deaf('on'),
    end: (host: LabHost) => host.deaf('off'),
  },
  {
    name: 'a host that hears nothing',
    begin: (host: LabHost) => host.mute('on'),
    end: (host: LabHost) => host.mute('off'),
  },
  {
    name: 'a host that is cut off',
    begin: (host: LabHost) => host.drop('on'),
    end: (host: LabHost) => host.drop('off'),
  },
] as const

test(
  'a host that falls silent is said to be, its job goes on, and all is right after',
  { skip },
  async (t) => {
    const lab = await Lab.start(t)
    const host = lab.host(1)
    // Silence is noticed after three heartbeats.
    const errand = await Errand.start(t, lab, { env: { ERRAND_HEARTBEAT_SECONDS: '0.5' } })
    for (const [index, { name, begin, end }] of silences.entries()) {
      await t.test(name, async () => {
        const go = `/tmp/go${index}`
        const script = `echo ran >>${go}.runs; until [ -e ${go} ]; do sleep 0.1; done; echo over; exit ${index + 3}`
        const args = ['-m', 'shell', '-a', script, '-B', '600', '-P', '0']
        const started = await errand.run(['exec', '-i', 'hosts', 'all', ...args])
        const [jobId = ''] = /j\d{13}\.\d{12}/u.exec(started.stdout) ?? []
        assert.equal(started.code, 0, started.stdout + started.stderr)
        const wait = errand.spawn(['wait', jobId])
        const waited = once(wait, 'close')

        await begin(host)
        const job = await waitFor('the job to be unreachable', async () => {
          const [shown] = await errand.json(['jobs', '--state', 'unreachable'])
          return shown
        })
        assert.equal(job['jobId'], jobId)
        const time = String.raw`\d{4}-\d\d-\d\dT[\d:.]+Z`
        const detail = new RegExp(
          `^unreachable since ${time}: .*, last seen running at ${time}$`,
          'u',
        )
        assert.match(String(job['detail']), detail)
        const [shown] = await errand.json(['hosts'])
        assert.equal(shown?.['state'], 'unreachable')
        await onHost(host, `touch ${go}`)
        await waitFor('the job to end unseen', async () => {
          const found = await host.run(`cat /var/lib/errand-agent/spool/jobs/${jobId}/end`)
          return found.code === 0
        })
        assert.equal(wait.exitCode, null, 'nobody knows the end yet')

        await end(host)
        assert.deepEqual(await waited, [2, null])
        const [after] = await errand.json(['status', jobId])
        assert.deepEqual([after?.['state'], after?.['exitCode']], ['failed', index + 3])
        assert.equal((await errand.run(['logs', jobId])).stdout, 'over\n')
        assert.equal((await host.run(`cat ${go}.runs`)).stdout, 'ran\n', 'it ran once')
      })
    }
  },
)

async function onHost(host: LabHost, script: string): Promise<void> {
  const { code, stderr } = await host.run(script)
  assert.equal(code, 0, stderr)
}
