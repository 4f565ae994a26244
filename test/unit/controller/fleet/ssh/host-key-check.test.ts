import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import {
  hostKeyAlgorithms,
  judgeHostKey,
  readHostKeys,
  rememberHostKey,
  unknownKeyError,
  type HostKeyPolicy,
} from '../../../../../controller/fleet/ssh/host-key-check.ts'
import { knownHostLine } from '../../../../../controller/fleet/ssh/known-hosts.ts'

async function policyWith(
  t: TestContext,
  text: string | undefined,
  changes: Partial<HostKeyPolicy> = {},
): Promise<HostKeyPolicy> {
  const folder = await mkdtemp(join(tmpdir(), 'errand-hosts-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'ssh', 'known_hosts')
  if (text !== undefined) {
    await rememberNothing(file)
    await writeFile(file, text)
  }
  return {
    host: 'web1',
    name: 'web1',
    userFiles: [file],
    globalFiles: [],
    isHashed: false,
    acceptNew: false,
    ...changes,
  }
}

async function rememberNothing(file: string): Promise<void> {
  const { mkdir } = await import('node:fs/promises')
  await mkdir(join(file, '..'), { recursive: true })
}

/** A fresh ed25519 key in SSH's wire form. */
function newKey(): Buffer {
  const { publicKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
  const field = (data: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, data.length]), data])
  return Buffer.concat([field(Buffer.from('ssh-ed25519')), field(raw)])
}

test('judgeHostKey() knows the key in the file', async (t) => {
  const key = newKey()
  const keys = await readHostKeys(await policyWith(t, knownHostLine('web1', key, undefined)))
  assert.deepEqual(judgeHostKey(keys, key), { kind: 'known' })
})

test('judgeHostKey() refuses a changed key and names file and line', async (t) => {
  const policy = await policyWith(t, `# first\n${knownHostLine('web1', newKey(), undefined)}\n`, {
    acceptNew: true,
  })
  const verdict = judgeHostKey(await readHostKeys(policy), newKey())
  assert.equal(verdict.kind, 'refused')
  assert.ok(verdict.kind === 'refused')
  assert.equal(verdict.error.code, 'denied')
  assert.match(verdict.error.message, /the host key of web1 has changed: .*known_hosts:2/u)
})

test('judgeHostKey() refuses a revoked key although it is known', async (t) => {
  const key = newKey()
  const line = knownHostLine('web1', key, undefined)
  const verdict = judgeHostKey(
    await readHostKeys(await policyWith(t, `${line}\n@revoked ${line}\n`)),
    key,
  )
  assert.ok(verdict.kind === 'refused')
  assert.match(verdict.error.message, /was revoked in .*known_hosts:2/u)
})

test('unknownKeyError() says how to accept the key', async (t) => {
  const keys = await readHostKeys(await policyWith(t, undefined))
  const key = newKey()
  assert.deepEqual(judgeHostKey(keys, key), { kind: 'unknown' })
  assert.match(
    unknownKeyError(keys, key).message,
    /^the host key of web1 is unknown: it shows ssh-ed25519 SHA256:.*--accept-new-host-keys/u,
  )
})

test('unknownKeyError() says that host certificates are not supported', async (t) => {
  const text = knownHostLine('web1', newKey(), undefined)
  const keys = await readHostKeys(await policyWith(t, `@cert-authority ${text}`))
  assert.deepEqual(judgeHostKey(keys, newKey()), { kind: 'unknown' })
  assert.match(
    unknownKeyError(keys, newKey()).message,
    /host certificates, as in .*known_hosts:1, are not supported/u,
  )
})

test('hostKeyAlgorithms() offers only the types that are known', async (t) => {
  const text = ['web1 ssh-rsa AAAA', 'web1 ecdsa-sha2-nistp256 AAAA'].join('\n')
  const keys = await readHostKeys(await policyWith(t, text))
  assert.deepEqual(hostKeyAlgorithms(keys), ['ecdsa-sha2-nistp256', 'rsa-sha2-512', 'rsa-sha2-256'])
})

for (const isHashed of [false, true]) {
  test(`rememberHostKey() adds a line, isHashed ${isHashed}`, async (t) => {
    const policy = await policyWith(t, 'other ssh-rsa AAAA', { isHashed })
    const key = newKey()
    await rememberHostKey(await readHostKeys(policy), key)
    assert.deepEqual(judgeHostKey(await readHostKeys(policy), key), { kind: 'known' })
    const text = await readFile(policy.userFiles[0] ?? '', 'utf8')
    assert.equal(text.split('\n').length, 3)
    assert.equal(text.includes('web1 '), !isHashed)
  })
}
