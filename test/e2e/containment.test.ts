import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LabHost } from '../lab/lab-host.ts'
import { Errand } from '../support/errand.ts'
import { Lab } from '../support/lab.ts'
import { waitFor } from '../support/wait-for.ts'

const unit = 'errand-agent.service'
const programDir = '/usr/local/lib/errand-agent'

test(
  'jobs below systemd outlive whatever befalls the unit of the agent',
  { skip: Lab.skipReason({ kinds: ['systemd'] }) },
  async (t) => {
    const lab = await Lab.start(t, { kind: 'systemd' })
    const errand = await Errand.start(t, lab)
    const host = lab.host(1)
    const long = await startJob(errand, '/opt/long')
    const meanwhile = await startJob(errand, '/opt/meanwhile')
    const pids = await pidsIn(errand, long)
    const [shortPid] = await pidsIn(errand, meanwhile)

    const isSame = async () => {
      const state = async () => (await errand.json(['status', long]))[0]?.['state']
      const word = await waitFor('a word of the agent', async () => {
        const said = await state() // unreachable until the controller is connected again
        return said === 'unreachable' ? undefined : said
      })
      assert.equal(word, 'running')
      assert.equal((await host.run(`kill -0 ${pids.join(' ')}`)).code, 0, 'it is another process')
    }

    await t.test('they are in a scope beside it, and none of its own', async () => {
      const files = pids.map((pid) => `/proc/${pid}/cgroup`).join(' ')
      const { stdout } = await host.run(`grep -h '^0::' ${files}`)
      const inScope = /^(0::\/system\.slice\/errand-jobs-\w+\.scope\/errand-\w+\/j\S+)\n\1\n$/u
      assert.match(stdout, inScope)
    })

    await t.test('systemctl restart', async () => {
      await renewed(host, `systemctl restart ${unit}`)
      await isSame()
    })

    await t.test('systemctl stop, and an end while no agent is there', async () => {
      assert.equal((await host.run(`systemctl stop ${unit}`)).code, 0)
      await host.run('touch /opt/meanwhile')
      const isOver = async () => (await host.run(`kill -0 ${shortPid}`)).code !== 0
      await waitFor('the program to end', isOver)
      await renewed(host, `systemctl start ${unit}`)
      await endsWell(errand, meanwhile)
      await isSame()
    })

    await t.test('systemctl kill -s KILL', async () => {
      await renewed(host, `systemctl kill -s KILL ${unit}`)
      await isSame()
    })

    await t.test('a replaced bundle and a restart', async () => {
      await renewed(
        host,
        `cd ${programDir} && cp agent-*.mjs agent-0000.mjs &&
        sed 's/agent-[0-9a-f]*\\.mjs/agent-0000.mjs/' errand-agent >new && chmod 755 new &&
        mv new errand-agent && systemctl restart ${unit}`,
      )
      const running = await host.run(`tr '\\0' ' ' </proc/${await agentPid(host)}/cmdline`)
      assert.match(running.stdout, /agent-0000\.mjs/u)
      await isSame()
      await host.run('touch /opt/long')
      await endsWell(errand, long)
    })

    await t.test('the scope goes with the agent, and the jobs with it', async () => {
      const last = await startJob(errand, '/opt/never')
      const [pid] = await pidsIn(errand, last)
      const removed = await errand.run(['uninstall', '-i', 'hosts', 'all', '--force'])
      assert.equal(removed.code, 0, removed.stdout + removed.stderr)
      assert.notEqual((await host.run(`kill -0 ${pid}`)).code, 0)
      const units = "systemctl list-units --all --plain --no-legend 'errand-*'"
      await waitFor('the units to be gone', async () => (await host.run(units)).stdout === '')
    })
  },
)

/** A program and a child in a session of its own, which count until a file is there. */
async function startJob(errand: Errand, file: string): Promise<string> {
  const script = `echo $$; setsid sh -c 'echo $$; n=0
    while [ ! -e ${file} ]; do n=$((n + 1)); echo $n; sleep 0.05; done; echo end $n' & wait; exit 3`
  const words = ['-B', '600', '-P', '0', '-m', 'shell', '-a', script]
  const before = new Set((await errand.json(['jobs'])).map((job) => String(job['jobId'])))
  const { code, stdout, stderr } = await errand.run(['exec', '-i', 'hosts', 'all', ...words])
  assert.equal(code, 0, stdout + stderr)
  const jobIds = (await errand.json(['jobs'])).map((job) => String(job['jobId']))
  const jobId = jobIds.find((id) => !before.has(id))
  assert.ok(jobId !== undefined)
  return jobId
}

/** The processes that a job of {@link startJob} named. */
async function pidsIn(errand: Errand, jobId: string): Promise<readonly string[]> {
  const read = async () => {
    const lines = (await errand.run(['logs', jobId])).stdout.split('\n')
    return lines.length > 3 ? lines.slice(0, 2) : undefined
  }
  return await waitFor('the first lines of the job', read)
}

/** The job has its own end, and every line that it wrote. */
async function endsWell(errand: Errand, jobId: string): Promise<void> {
  await errand.run(['wait', jobId])
  const [job] = await errand.json(['status', jobId])
  assert.deepEqual([job?.['state'], job?.['exitCode']], ['failed', 3], JSON.stringify(job))
  const lines = (await errand.run(['logs', jobId])).stdout.trim().split('\n').slice(2)
  const last = lines.pop()
  assert.deepEqual(
    lines,
    lines.map((_, index) => String(index + 1)),
  )
  assert.equal(last, `end ${lines.length}`)
}

/** Does that to the unit, and waits until another process than before is the agent and listens. */
async function renewed(host: LabHost, script: string): Promise<void> {
  const before = await agentPid(host)
  const { code, stderr } = await host.run(script)
  assert.equal(code, 0, stderr)
  const isAnother = async () => {
    const pid = await agentPid(host)
    return pid !== before && (await host.run(`kill -0 ${pid}`)).code === 0
  }
  await waitFor('another agent', isAnother)
}

async function agentPid(host: LabHost): Promise<string> {
  const file = '/var/lib/errand-agent/listening.json'
  const { stdout } = await host.run(`sed 's/.*"pid":\\([0-9]*\\).*/\\1/' ${file}`)
  return stdout.trim()
}
