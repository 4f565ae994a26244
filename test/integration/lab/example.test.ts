import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { runCommand } from '../../lab/run-command.ts'
import { waitFor } from '../../support/wait-for.ts'

const ROLES = join(import.meta.dirname, '../../../deploy/example/playbooks/roles')
const SHORT = { MONITOR_SECONDS: '0.3', MONITOR_INTERVAL: '0.1' }

const python = await runCommand(['python3', '--version']).catch(() => undefined)
const skip = python?.code === 0 ? false : 'the programs of the example need python3 on the PATH'

test('monitor_database.py says what it sees, also from a file beside it', { skip }, async (t) => {
  const folder = await folderWith(t, ['mysql_db', 'monitors'])
  const port = await serve(t, folder, 'database')
  const conf = `DATABASE_HOST=127.0.0.1\nDATABASE_PORT=${port}\nMONITOR_INTERVAL=0.1\nMONITOR_SECONDS=60\n`
  await writeFile(join(folder, 'monitor.conf'), conf)
  const env = { ...process.env, MONITOR_SECONDS: '0.3' } // above the file's
  const said = await runCommand([join(folder, 'monitor_database.py')], { env })
  assert.equal(said.code, 0, said.stderr)
  assert.match(said.stdout, /^(\S+Z database up: 127\.0\.0\.1:\d+ answered PING \(\d+ ms\)\n){3}/)
  assert.match(said.stdout, /\ndatabase: 3 looks, 0 failed\n$/)
})

test(
  'monitor_webapp.py watches the page, and its failure is its exit code',
  { skip },
  async (t) => {
    const folder = await folderWith(t, ['flask_web', 'monitors'])
    await writeFile(join(folder, 'index.html'), 'a page')
    const port = await serve(t, folder, 'app')
    const watch = async (path: string) => {
      await writeFile(join(folder, 'monitor.conf'), `WEBAPP_URL=http://127.0.0.1:${port}${path}\n`)
      return runCommand([join(folder, 'monitor_webapp.py')], { env: { ...process.env, ...SHORT } })
    }
    const good = await watch('/')
    assert.equal(good.code, 0, good.stderr)
    assert.match(good.stdout, /webapp up: \S+ answered 200 with 6 bytes/)
    const bad = await watch('/nothing')
    assert.equal(bad.code, 1)
    assert.match(bad.stdout, /webapp down: HTTP Error 404/)
  },
)

test('a monitor prints each look at once', { skip }, async (t) => {
  const folder = await folderWith(t, ['monitors'])
  const env = { ...process.env, MONITOR_SECONDS: '600', DATABASE_PORT: '1' }
  const monitor = spawn(join(folder, 'monitor_database.py'), {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => monitor.kill('SIGKILL'))
  let said = ''
  monitor.stdout.on('data', (part) => (said += String(part)))
  await waitFor('the first look', () => /database down: .*refused.*\n/.test(said))
  assert.equal(monitor.exitCode, null)
})

test('the database keeps what it was given over a restart', { skip }, async (t) => {
  const folder = await folderWith(t, ['mysql_db'])
  assert.equal(await ask(await serve(t, folder, 'database'), 'SET colour dark red'), 'OK')
  assert.equal(await ask(await serve(t, folder, 'database'), 'GET colour'), 'VALUE dark red')
})

test('detached.sh keeps one process, and takes no other for it', async (t) => {
  const folder = await folderWith(t, ['detached'])
  const detached = (action: string) =>
    runCommand([join(folder, 'detached.sh'), action, folder, 'sleep', '1000'])
  try {
    assert.equal((await detached('start')).stdout, 'started\n')
    const first = await readFile(join(folder, 'pid'), 'utf8')
    assert.equal((await detached('start')).stdout, 'running\n')
    assert.equal((await detached('restart')).stdout, 'stopped\nstarted\n')
    assert.notEqual(await readFile(join(folder, 'pid'), 'utf8'), first)
  } finally {
    assert.equal((await detached('stop')).stdout, 'stopped\n')
  }
  await writeFile(join(folder, 'pid'), `${process.pid} 1\n`) // our pid, at a time when it was another's
  assert.equal((await detached('status')).code, 3)
  assert.equal((await detached('stop')).stdout, 'not running\n')
})

async function folderWith(t: TestContext, roles: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'errand-example-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  for (const role of roles) await cp(join(ROLES, role, 'files'), folder, { recursive: true })
  const data = join(folder, 'data.json')
  const settings = {
    address: '127.0.0.1',
    port: 0,
    data,
    database_host: '127.0.0.1',
    database_port: 1,
  }
  for (const name of ['database', 'app']) {
    await writeFile(join(folder, `${name}.json`), JSON.stringify(settings))
  }
  return folder
}

/** Starts a server of the example on a free port and returns that. */
async function serve(t: TestContext, folder: string, name: 'database' | 'app'): Promise<string> {
  const server = spawn(join(folder, `${name}.py`), { stdio: ['ignore', 'pipe', 'ignore'] })
  t.after(() => server.kill('SIGKILL'))
  let said = ''
  server.stdout.on('data', (part) => (said += String(part)))
  return waitFor(`${name}.py to serve`, () => /serving 127\.0\.0\.1:(\d+)\n/.exec(said)?.[1])
}

async function ask(port: string, line: string): Promise<string> {
  const script = `import socket, sys
connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
connection.sendall(sys.argv[2].encode() + b"\\n")
print(connection.makefile().readline(), end="")`
  return (await runCommand(['python3', '-c', script, port, line])).stdout.trim()
}
