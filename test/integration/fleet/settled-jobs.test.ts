import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { pino } from 'pino'
import { openFleet, type Fleet } from '../../../controller/fleet/fleet.ts'
import { newHostRow } from '../../../controller/fleet/new-host-row.ts'
import type { HostTarget } from '../../../controller/run/ports.ts'
import { openSqliteStore } from '../../../controller/store/sqlite.ts'
import type { HostRow, JobRow, Store } from '../../../controller/store/store.ts'
import type { JobSpec } from '../../../proto/job.ts'
import { waitFor } from '../../support/wait-for.ts'
import { jobSpec, shell, startAgent, type TestAgent } from '../agent/test-agent.ts'

const target: HostTarget = {
  name: 'web1',
  connection: 'ssh',
  address: '127.0.0.1',
  sshPort: undefined,
  user: undefined,
  password: undefined,
  privateKeyFile: undefined,
  privateKeyPassphrase: undefined,
  sshCommonArgs: undefined,
  agentPort: 7433,
  become: undefined,
  timeoutMs: 20_000,
  sshRetries: 0,
}

/** A controller's fleet and record, whose only host has a real agent. */
async function stage(t: TestContext) {
  const agent = await startAgent(t)
  const store = openSqliteStore(join(agent.home, 'errand.db'))
  await store.hosts.save(hostRow(agent))
  const fleet = await openFleet({
    home: agent.home,
    store,
    log: pino({ level: 'silent' }),
    agentBundlePath: '',
    runtimePath: () => undefined,
    repeatSubmits: false,
  })
  t.after(async () => {
    await fleet[Symbol.asyncDispose]()
    await store[Symbol.asyncDispose]()
  })
  return { agent, store, fleet }
}

function hostRow({ agentId, port }: TestAgent): HostRow {
  const nowMs = Date.now()
  return newHostRow({ name: 'web1', address: '127.0.0.1', agentPort: port, agentId, nowMs })
}

/** A job as the record has it before its agent was asked. */
function jobRow({ jobId, name }: JobSpec, { agentId }: TestAgent): JobRow {
  return {
    jobId,
    host: 'web1',
    agentId,
    runId: 'r',
    taskId: 't',
    name,
    isAsync: true,
    createdAtMs: Date.now(),
    report: undefined,
    lastSeenMs: undefined,
    isForgotten: false,
  }
}

/** A failure in place of an endless wait. */
const soon = () => ({ signal: AbortSignal.timeout(60_000) })

async function endOf(fleet: Fleet, jobId: string): Promise<string> {
  return (await fleet.wait(jobId, soon())).state.kind
}

async function known(store: Store, jobId: string) {
  const { state } = (await store.jobs.find(jobId))?.report ?? {}
  return state?.kind
}

test('a submit that arrives when its job has been given up for lost starts nothing', async (t) => {
  const { agent, store, fleet } = await stage(t)
  const file = join(agent.stateDir, 'ran')
  const spec = jobSpec(shell(`touch ${file}`))
  await store.jobs.create(jobRow(spec, agent))
  await fleet.resume()
  const { state } = await fleet.wait(spec.jobId, soon())
  assert.equal(state.kind === 'lost' && state.evidence, 'it never reached the host')
  const late = await agent.connect()
  assert.equal((await late.submit(spec)).state.kind, 'lost')
  assert.ok(!existsSync(file))
})

test('an end that an older record has not is asked for when the controller first connects', async (t) => {
  const { agent, store, fleet } = await stage(t)
  const other = await agent.connect()
  const spec = jobSpec(shell('exit 0'))
  const report = await other.submit(spec)
  await other.end(spec.jobId)
  const lastSeq = other.events.at(-1)?.seq ?? 0
  const { journalId = '' } = other.welcome ?? {}
  await store.hosts.save({ ...hostRow(agent), journalId, lastSeq })
  await store.jobs.create({ ...jobRow(spec, agent), report })
  await fleet.resume()
  assert.equal(await endOf(fleet, spec.jobId), 'succeeded')
})

test('an end that was in a gap between two events is asked for, and told once', async (t) => {
  const { agent, store, fleet } = await stage(t)
  const go = join(agent.stateDir, 'go')
  const waits = `while [ ! -e ${go} ]; do sleep 0.05; done`
  const spec = jobSpec(shell(`${waits}; exit 3`))
  const prepared = { target, agentId: agent.agentId, agentUser: 'root', isRoot: true }
  const origin = {
    runId: 'r',
    taskId: 't',
    taskName: 'x',
    host: 'web1',
    isAsync: true,
    position: '',
  }
  await fleet.start(prepared, spec, { origin, isKnown: false, ...soon() })
  const ended = fleet.wait(spec.jobId, soon())
  await waitFor('the first event', async () => {
    const host = await store.hosts.find('web1')
    return host !== undefined && host.lastSeq > 0 && host
  })
  await agent.kill('SIGKILL')
  await agent.start() // on another port: the fleet does not find it yet
  const other = await agent.connect()
  writeFileSync(go, '')
  await other.end(spec.jobId)
  other.say({ kind: 'acknowledge', seq: other.events.at(-1)?.seq ?? 0 })
  await other.submit(jobSpec(shell('true')))
  assert.equal(await known(store, spec.jobId), 'running')
  const host = await store.hosts.find('web1')
  assert.ok(host)
  await store.hosts.save({ ...host, agentPort: agent.port })
  const end = await ended
  assert.deepEqual(end.state.kind === 'failed' && end.state.failure, { kind: 'exit', exitCode: 3 })
  assert.equal(await known(store, spec.jobId), 'failed')
})
