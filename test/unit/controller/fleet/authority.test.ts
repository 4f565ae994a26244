import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { Authority, newAgentId } from '../../../../controller/fleet/authority.ts'
import { ErrandError } from '../../../../proto/errors.ts'

const nowMs = Date.UTC(2026, 0, 1)
const yearMs = 365 * 24 * 60 * 60 * 1000

async function homeOf(t: TestContext): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'errand-authority-'))
  t.after(() => rm(home, { recursive: true }))
  return home
}

/** A request as openssl makes it, for another name than the certificate will have. */
function newRequest(home: string): string {
  const key = join(home, 'agent.key')
  execFileSync('openssl', ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', key], {
    stdio: 'pipe',
  })
  return execFileSync(
    'openssl',
    ['req', '-new', '-key', key, '-subj', '/CN=somebody/OU=controller'],
    { stdio: 'pipe' },
  ).toString()
}

test('Authority.open() makes the authority once, for its owner only', async (t) => {
  const home = await homeOf(t)
  const opened = await Promise.all([1, 2, 3].map(() => Authority.open(home, nowMs)))
  assert.equal(new Set(opened.map(({ identity }) => identity.controllerId)).size, 1)
  assert.equal((await stat(join(home, 'authority'))).mode & 0o777, 0o700)
  for (const name of ['authority.key', 'authority.crt', 'controller.key', 'controller.crt']) {
    assert.equal((await stat(join(home, 'authority', name))).mode & 0o777, 0o600, name)
  }
})

test('Authority.open() says in one sentence that what is there is no authority', async (t) => {
  const home = await homeOf(t)
  await Authority.open(home, nowMs)
  await writeFile(join(home, 'authority', 'authority.crt'), 'nonsense')
  await assert.rejects(Authority.open(home, nowMs), (error) => {
    assert.ok(error instanceof ErrandError)
    assert.equal(error.code, 'invalid')
    assert.match(error.message, /authority holds no usable authority/u)
    return true
  })
})

test('signAgent() gives the name and the role that it decides, not those asked for', async (t) => {
  const home = await homeOf(t)
  const authority = await Authority.open(home, nowMs)
  const agentId = newAgentId()
  const pem = await authority.signAgent(newRequest(home), { agentId, nowMs })
  const certificate = new X509Certificate(pem)
  assert.match(certificate.subject, new RegExp(`^CN=${agentId}$`, 'mu'))
  assert.match(certificate.subject, /^OU=agent$/mu)
  assert.equal(certificate.subjectAltName, `DNS:${agentId}`)
  assert.equal(certificate.ca, false)
  assert.equal(
    certificate.verify(new X509Certificate(authority.identity.authorityCertificate).publicKey),
    true,
  )
})

test('openssl accepts both certificates for what they are for, and not the other way round', async (t) => {
  const home = await homeOf(t)
  const authority = await Authority.open(home, Date.now())
  const agent = join(home, 'agent.crt')
  await writeFile(
    agent,
    await authority.signAgent(newRequest(home), { agentId: newAgentId(), nowMs: Date.now() }),
  )
  const folder = join(home, 'authority')
  const verify = (purpose: string, file: string) =>
    execFileSync(
      'openssl',
      ['verify', '-CAfile', join(folder, 'authority.crt'), '-purpose', purpose, file],
      { stdio: 'pipe' },
    )
  verify('sslserver', agent)
  verify('sslclient', join(folder, 'controller.crt'))
  assert.throws(() => verify('sslclient', agent))
  assert.throws(() => verify('sslserver', join(folder, 'controller.crt')))
})

test('signAgent() refuses a request that does not prove its key', async (t) => {
  const home = await homeOf(t)
  const authority = await Authority.open(home, nowMs)
  const der = Buffer.from(newRequest(home).replaceAll(/-----[^-]+-----|\s/gu, ''), 'base64')
  der[der.length - 1] = (der.at(-1) ?? 0) ^ 1
  const torn = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`
  for (const request of [torn, 'nonsense']) {
    await assert.rejects(
      authority.signAgent(request, { agentId: newAgentId(), nowMs }),
      ErrandError,
    )
  }
})

test('judge() knows its own, old ones and strangers', async (t) => {
  const [home, other] = [await homeOf(t), await homeOf(t)]
  const authority = await Authority.open(home, nowMs)
  const stranger = await Authority.open(other, nowMs)
  const agentId = newAgentId()
  const pem = await authority.signAgent(newRequest(home), { agentId, nowMs })
  assert.deepEqual(await authority.judge(pem, nowMs + yearMs), { kind: 'valid', agentId })
  assert.deepEqual(await authority.judge(pem, nowMs + 4 * yearMs), { kind: 'old', agentId })
  assert.deepEqual(await authority.judge(pem, nowMs + 9 * yearMs), { kind: 'old', agentId })
  assert.deepEqual(await stranger.judge(pem, nowMs), { kind: 'foreign' })
  assert.deepEqual(await authority.judge('nonsense', nowMs), { kind: 'foreign' })
})

test('Authority.open() renews its own certificate before it runs out, under the same authority', async (t) => {
  const home = await homeOf(t)
  const before = await Authority.open(home, nowMs)
  const after = await Authority.open(home, nowMs + 4 * yearMs)
  assert.notEqual(after.identity.certificate, before.identity.certificate)
  assert.equal(after.identity.controllerId, before.identity.controllerId)
  assert.equal(
    await readFile(join(home, 'authority', 'controller.crt'), 'utf8'),
    after.identity.certificate,
  )
  assert.equal((await after.judge(after.identity.certificate, nowMs + 4 * yearMs)).kind, 'valid')
})
