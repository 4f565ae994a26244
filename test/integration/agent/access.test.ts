import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { connect } from 'node:tls'
import { Authority } from '../../../controller/fleet/authority.ts'
import { certificateRequest } from '../../../agent/certificate-request.ts'
import { callUnary, errorFromCall } from '../../../proto/call.ts'
import { protocolVersion } from '../../../proto/version.ts'
import { waitFor } from '../../support/wait-for.ts'
import {
  enrolledAgent,
  jobSpec,
  runAgent,
  shell,
  startAgent,
  type TestAgent,
} from './test-agent.ts'
import { clientFor, textOf, TestClient } from './test-client.ts'

const { signal } = new AbortController()

describe('an agent', () => {
  const cleanUps: (() => Promise<void>)[] = []
  let agent: TestAgent
  before(async () => {
    agent = await startAgent({ after: (cleanUp) => cleanUps.push(cleanUp) })
  })
  after(async () => {
    for (const cleanUp of cleanUps) await cleanUp()
  })

  /** What listing jobs comes to with such a certificate. */
  async function listWith(pair: { key: string; certificate: string } | undefined): Promise<string> {
    const client = clientFor(agent, pair)
    try {
      await callUnary(client.listJobs.bind(client), {}, { signal, deadlineMs: 20_000 })
      return 'let in'
    } catch (error) {
      return errorFromCall(error).code
    } finally {
      client.close()
    }
  }

  test('lets its controller in', async () => {
    const { privateKey: key, certificate } = agent.authority.identity
    assert.equal(await listWith({ key, certificate }), 'let in')
  })

  test('lets nobody in without a certificate', async () => {
    assert.equal(await listWith(undefined), 'unreachable')
  })

  test('lets nobody in with a certificate of another authority', async () => {
    const home = mkdtempSync(join(tmpdir(), 'errand-other-'))
    cleanUps.push(async () => {
      rmSync(home, { recursive: true })
    })
    const other = await Authority.open(home, Date.now())
    const { privateKey: key, certificate } = other.identity
    assert.equal(await listWith({ key, certificate }), 'unreachable')
  })

  test('lets no other agent in', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const request = certificateRequest(privateKey, 'another')
    const certificate = await agent.authority.signAgent(request, {
      agentId: 'a1',
      nowMs: Date.now(),
    })
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    assert.match(await listWith({ key, certificate }), /unreachable|denied/u)
  })

  test('speaks no TLS before 1.3', async () => {
    const {
      privateKey: key,
      certificate: cert,
      authorityCertificate: ca,
    } = agent.authority.identity
    const socket = connect({
      port: agent.port,
      host: '127.0.0.1',
      key,
      cert,
      ca,
      maxVersion: 'TLSv1.2',
      servername: agent.agentId,
    })
    const error = await new Promise<NodeJS.ErrnoException>((resolve) =>
      socket.once('error', resolve),
    )
    assert.match(error.code ?? '', /PROTOCOL_VERSION/u)
  })

  test('refuses another protocol with both versions', async () => {
    const client = await agent.connect()
    client.close()
    const { privateKey: key, certificate } = agent.authority.identity
    const raw = clientFor(agent, { key, certificate })
    const stream = raw.connect()
    const failed = new Promise<unknown>((resolve) => stream.once('error', resolve))
    stream.write({ hello: { protocol: protocolVersion + 1, version: '9.9', lastSeq: 0 } })
    const error = errorFromCall(await failed)
    assert.equal(error.code, 'unsupported')
    assert.match(error.message, /9\.9/u)
    raw.close()
  })

  test('refuses another controller unless it is forced', async () => {
    const home = mkdtempSync(join(tmpdir(), 'errand-other-'))
    cleanUps.push(async () => {
      rmSync(home, { recursive: true })
    })
    const other = await Authority.open(home, Date.now())
    const { stdout: request } = await agent.run('request')
    const certificate = await other.signAgent(request, {
      agentId: agent.agentId,
      nowMs: Date.now(),
    })
    const { controllerId, authorityCertificate: authority } = other.identity
    const input = JSON.stringify({ controllerId, certificate, authority })
    const { code, stderr } = await agent.run('enrol', { input })
    assert.equal(code, 1)
    assert.equal(
      stderr,
      `errand-agent: this agent belongs to controller ${agent.authority.identity.controllerId}\n`,
    )
    const before = readFileSync(join(agent.stateDir, 'agent.json'), 'utf8')
    assert.match(before, new RegExp(agent.authority.identity.controllerId, 'u'))
  })

  test('refuses a certificate for another key', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const request = certificateRequest(privateKey, 'another')
    const certificate = await agent.authority.signAgent(request, {
      agentId: agent.agentId,
      nowMs: Date.now(),
    })
    const { controllerId, authorityCertificate: authority } = agent.authority.identity
    const { code, stderr } = await agent.run('enrol', {
      input: JSON.stringify({ controllerId, certificate, authority }),
    })
    assert.equal(code, 1)
    assert.match(stderr, /not for the key of this agent/u)
  })

  test('runs once for a state folder', async () => {
    const { code, stderr } = await agent.run('serve', { flags: ['--port', '0'] })
    assert.equal(code, 1)
    assert.match(stderr, /an agent is running already/u)
  })
})

test('serve says that the port is taken in one sentence', async (t) => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const agent = await enrolledAgent(t)
  const { code, stderr } = await agent.run('serve', {
    flags: ['--listen', '127.0.0.1', '--port', String(port), '--log-level', 'fatal'],
  })
  assert.equal(code, 1)
  assert.equal(
    stderr,
    `errand-agent: port ${port} is already taken by another program on this host; set errand_port to another one in the inventory\n`,
  )
})

test('serve refuses before the agent is enrolled', async (t) => {
  const stateDir = mkdtempSync(join(tmpdir(), 'errand-agent-'))
  t.after(() => rmSync(stateDir, { recursive: true }))
  const { code, stderr } = await runAgent(['serve', '--state', stateDir, '--port', '0'])
  assert.equal(code, 4)
  assert.match(stderr, /not enrolled/u)
})

test('launch starts one agent, says where it listens, and stop leaves its jobs alone', async (t) => {
  const agent = await enrolledAgent(t)
  const flags = ['--listen', '127.0.0.1', '--port', '0']
  const first = await agent.run('launch', { flags })
  assert.equal(first.code, 0, first.stderr)
  t.after(() => agent.run('stop'))
  const listening = JSON.parse(first.stdout) as { port: number; agentId: string; pid: number }
  const again = JSON.parse((await agent.run('launch', { flags })).stdout) as { pid: number }
  assert.equal(again.pid, listening.pid)
  ;[agent.port, agent.agentId] = [listening.port, listening.agentId]
  const client = await TestClient.connect(agent, 0)
  const spec = jobSpec(
    shell(`while [ ! -e ${agent.stateDir}/go ]; do sleep 0.05; done; echo survived`),
  )
  await client.submit(spec)
  client.close()
  assert.deepEqual(JSON.parse((await agent.run('stop')).stdout), { stopped: true })
  assert.deepEqual(JSON.parse((await agent.run('status')).stdout), { running: false })
  rmSync(join(agent.stateDir, 'listening.json'), { force: true })
  await agent.start()
  const later = await agent.connect()
  await runTouch(join(agent.stateDir, 'go'))
  assert.equal(textOf(await later.end(spec.jobId)).stdout, 'survived\n')
})

async function runTouch(file: string): Promise<void> {
  const { writeFile } = await import('node:fs/promises')
  await writeFile(file, '')
  await waitFor('the file', () => readFileSync(file, 'utf8') === '')
}
