import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { pino } from 'pino'
import { openFleet, type Fleet } from '../../../controller/fleet/fleet.ts'
import type { HostTarget } from '../../../controller/run/ports.ts'
import { openSqliteStore } from '../../../controller/store/sqlite.ts'
import type { Store } from '../../../controller/store/store.ts'
import { isFinal } from '../../../proto/job.ts'
import { agentVariant } from '../../support/agent-variants.ts'
import { agentBundle } from './agent-bundle.ts'
import { shellJob } from './controller-in-lab.ts'

const localhost: HostTarget = {
  name: 'localhost',
  connection: 'local',
  address: 'localhost',
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

const { signal } = new AbortController()
const options = {
  install: true,
  acceptNewHostKeys: false,
  nodeRuntimeFile: undefined,
  environment: {},
  onStep: () => undefined,
  signal,
}

async function fleetOf(
  t: TestContext,
  homeSuffix = 'home',
): Promise<{ readonly fleet: Fleet; readonly home: string; readonly store: Store }> {
  const base = await mkdtemp(join(tmpdir(), 'errand-local-'))
  const home = join(base, homeSuffix)
  const store = openSqliteStore(join(base, 'errand.db'))
  const fleet = await openFleetIn(home, { store, bundle: agentBundle() })
  t.after(async () => {
    for await (const _ of fleet.uninstall([localhost], { ...options, force: true, forks: 1 }));
    await fleet[Symbol.asyncDispose]()
    await store[Symbol.asyncDispose]()
    await rm(base, { recursive: true })
  })
  return { fleet, home, store }
}

function openFleetIn(
  home: string,
  { store, bundle }: { readonly store: Store; readonly bundle: string },
): Promise<Fleet> {
  return openFleet({
    home,
    store,
    log: pino({ level: 'silent' }),
    agentBundlePath: bundle,
    runtimePath: () => undefined,
    repeatSubmits: false,
  })
}

test('prepare() starts an agent for the own user on a socket that nobody else can reach', async (t) => {
  const { fleet, home } = await fleetOf(t)
  const [one, other] = await Promise.all([
    fleet.prepare(localhost, options),
    fleet.prepare({ ...localhost, name: 'another' }, options),
  ])
  assert.equal(one.agentId, other.agentId)
  assert.equal(one.agentUser, userInfo().username)
  assert.equal((await stat(join(home, 'local-agent', 'agent.sock'))).mode & 0o077, 0)

  const spec = shellJob('id -un')
  const origin = {
    runId: 'r',
    taskId: 't',
    taskName: 'x',
    host: 'localhost',
    isAsync: false,
    position: '',
  }
  const first = await fleet.start(one, spec, { origin, isKnown: false, signal })
  const end = isFinal(first.state) ? first : await fleet.wait(spec.jobId, { signal })
  assert.equal(end.state.kind, 'succeeded')
  const output = await fleet.output(spec.jobId, 'stdout', { signal })
  assert.equal(Buffer.from(output).toString().trim(), userInfo().username)
})

test('prepare() finds the local agent again, also below a home with a long name', async (t) => {
  const { fleet } = await fleetOf(t, 'a-long-name/'.repeat(10))
  const first = await fleet.prepare(localhost, options)
  assert.equal((await fleet.prepare(localhost, options)).agentId, first.agentId)
})

test('prepare() replaces a local agent that speaks another protocol', async (t) => {
  const { fleet, home, store } = await fleetOf(t)
  await fleet.prepare(localhost, options)
  {
    const bundle = await agentVariant(join(home, '..'), 'foreign')
    await using foreign = await openFleetIn(home, { store, bundle })
    await assert.rejects(foreign.prepare(localhost, options), { code: 'unsupported' })
  }
  assert.equal((await fleet.prepare(localhost, options)).agentUser, userInfo().username)
})

test('uninstall() ends the local agent and leaves nothing of it', async (t) => {
  const { fleet, home } = await fleetOf(t)
  await fleet.prepare(localhost, options)
  const steps = []
  for await (const step of fleet.uninstall([localhost], { ...options, force: false, forks: 1 }))
    steps.push(step)
  assert.equal(steps.at(-1)?.step, 'done', JSON.stringify(steps))
  assert.deepEqual((await readdir(home)).toSorted(), ['authority'])
  assert.deepEqual(await fleet.hosts(), [])
})
