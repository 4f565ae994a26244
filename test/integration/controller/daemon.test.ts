import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { pino } from 'pino'
import { ControllerClient } from '../../../controller/cli/controller-client.ts'
import { isAnswering } from '../../../controller/cli/start-controller.ts'
import { readConfig, type ControllerConfig } from '../../../controller/config.ts'
import { serveController } from '../../../controller/daemon.ts'
import { openSqliteStore } from '../../../controller/store/sqlite.ts'
import { waitFor } from '../../support/wait-for.ts'
import { FakeWorld } from './fake-world.ts'
import { TestHome } from './test-controller.ts'

test('serveController() refuses a home that another one serves', async (t) => {
  const config = configFor(t)
  await using first = await serve(config)
  await assert.rejects(serve(config), { code: 'conflict', message: /running already/u })
  assert.ok(await isAnswering(first.config.socket))
})

for (const name of ['SIGKILL', 'SIGTERM'] as const) {
  test(`serveController() goes on with the run that one left who got ${name}`, async (t) => {
    const home = new TestHome(t)
    const left = await home.startController()
    const child = home.start('run', 'wait.yml')
    let printed = ''
    child.stdout?.on('data', (data: Buffer) => (printed += data.toString()))
    await waitFor('the task to begin', () => printed.includes('TASK ['))
    child.kill('SIGHUP')
    left.kill(name)
    await waitFor('its end', async () => !(await isAnswering(home.socket)))
    await home.startController()
    await waitFor('the run to end', async () =>
      (await home.errand('runs', '--json')).stdout.includes('"exitCode":0'),
    )
  })
}

test('serveController() leaves by itself when nobody has needed it', async (t) => {
  const config = { ...configFor(t), idleMs: 50 }
  await (
    await serve(config)
  ).served
  assert.ok(!existsSync(config.socket))
})

test('serveController() stays while a job is out', async (t) => {
  const config = { ...configFor(t), idleMs: 50 }
  mkdirSync(config.home, { mode: 0o700, recursive: true })
  {
    await using store = openSqliteStore(config.databaseFile)
    await store.jobs.create({
      jobId: 'j1',
      host: 'web1',
      agentId: 'a1',
      runId: 'r1',
      taskId: 't1',
      name: 'n',
      isAsync: true,
      createdAtMs: 1,
      report: undefined,
      lastSeenMs: undefined,
      isForgotten: false,
    })
  }
  let ticks = 0
  await using controller = await serve(config, () => {
    ticks += 1
  })
  await waitFor('several looks', () => ticks > 3)
  assert.ok(await isAnswering(controller.config.socket))
})

test('serveController() answers on a short path when its home’s is too long for a socket', async (t) => {
  const config = configFor(t, 'x'.repeat(120))
  assert.ok(!config.socket.startsWith(config.home))
  await using controller = await serve(config)
  using client = new ControllerClient(controller.config.socket)
  assert.equal((await client.status(new AbortController().signal)).home, config.home)
})

test('serveController() refuses a home that others can enter', async (t) => {
  const config = configFor(t)
  mkdirSync(config.home, { recursive: true })
  chmodSync(config.home, 0o755)
  await assert.rejects(serve(config), { code: 'denied', message: /chmod 700/u })
})

interface Served extends AsyncDisposable {
  readonly config: ControllerConfig
  readonly served: Promise<void>
}

/** Serves in this process; resolves when the socket answers, rejects when it never does. */
async function serve(config: ControllerConfig, onTick: () => void = () => {}): Promise<Served> {
  const stop = new AbortController()
  const served = serveController(config, {
    openWorld: async (store) => new FakeWorld(store),
    log: pino({ level: 'silent' }),
    onTick,
    signal: stop.signal,
  })
  served.catch(() => {}) // Told by the race below, or by who awaits `served`.
  const answering = waitFor('the controller to answer', () => isAnswering(config.socket))
  await Promise.race([served.then(() => undefined), answering])
  return {
    config,
    served,
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await served
    },
  }
}

function configFor(t: TestContext, name = 'home'): ControllerConfig {
  const folder = mkdtempSync(join(tmpdir(), 'errand-daemon-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const environment = { ERRAND_HOME: join(folder, name), XDG_RUNTIME_DIR: folder }
  return readConfig([], environment, process.getuid?.() ?? 0)
}
