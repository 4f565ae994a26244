import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Uploads } from '../../../../agent/files/uploads.ts'
import { tempDir } from '../temp-dir.ts'

const content = Buffer.from('content')
const head = {
  uploadId: 'u1',
  bytes: content.length,
  sha256: createHash('sha256').update(content).digest('hex'),
  isKept: false,
}
const account = {
  name: 'x',
  uid: process.getuid?.() ?? 0,
  gid: process.getgid?.() ?? 0,
  gecos: '',
  home: '/',
  shell: '/bin/sh',
}

async function* pieces(...parts: readonly string[]) {
  for (const part of parts) yield await Promise.resolve(Buffer.from(part))
}

function open(dir: string): Uploads {
  return new Uploads({
    dir: join(dir, 'uploads'),
    handoverDir: join(dir, 'handover'),
    keptDir: join(dir, 'kept'),
  })
}

test('receive() takes a file whole, for its owner only, and again', async (t) => {
  const dir = tempDir(t)
  const uploads = open(dir)
  await uploads.receive(head, pieces('con', 'tent'))
  await uploads.receive(head, pieces('content'))
  assert.equal(readFileSync(uploads.path('u1'), 'utf8'), 'content')
  assert.equal(statSync(uploads.path('u1')).mode & 0o777, 0o600)
})

for (const [what, parts] of [
  ['too little', ['cont']],
  ['too much', ['content', '!']],
  ['something else', ['cOntent']],
] as const) {
  test(`receive() leaves nothing behind of ${what}`, async (t) => {
    const dir = tempDir(t)
    const uploads = open(dir)
    await assert.rejects(uploads.receive(head, pieces(...parts)), { code: 'invalid' })
    assert.deepEqual(readdirSync(join(dir, 'uploads')), [])
  })
}

test('path() takes no name that leads elsewhere', (t) => {
  const uploads = open(tempDir(t))
  for (const name of ['../x', '.', '..', 'a/b', ''])
    assert.throws(() => uploads.path(name), { code: 'invalid' })
})

test('handOver() makes it a program for its user, and drop() removes all of it', async (t) => {
  const dir = tempDir(t)
  const uploads = open(dir)
  await uploads.receive(head, pieces('content'))
  const path = uploads.handOver('u1', { account, own: account })
  assert.equal(statSync(path).mode & 0o777, 0o700)
  assert.equal(readFileSync(path, 'utf8'), 'content')
  uploads.drop('u1')
  assert.deepEqual(
    [readdirSync(join(dir, 'uploads')), readdirSync(join(dir, 'handover'))],
    [[], []],
  )
})

test('receive() takes what was kept without its bytes, once it came with them', async (t) => {
  const dir = tempDir(t)
  const kept = { ...head, isKept: true }
  const nothing = pieces()
  await assert.rejects(open(dir).receive(kept, nothing), { code: 'not_found' })
  await open(dir).receive(kept, pieces('content'))
  open(dir).drop('u1')
  const uploads = open(dir)
  await uploads.receive({ ...kept, uploadId: 'u2' }, pieces())
  assert.equal(readFileSync(uploads.path('u2'), 'utf8'), 'content')
  assert.equal(uploads.has('u1'), false)
})

test('receive() takes nothing that was damaged where it was kept', async (t) => {
  const dir = tempDir(t)
  const kept = { ...head, isKept: true }
  await open(dir).receive(kept, pieces('content'))
  writeFileSync(join(dir, 'kept', head.sha256), 'changed')
  await assert.rejects(open(dir).receive({ ...kept, uploadId: 'u2' }, pieces()), {
    code: 'not_found',
  })
  await open(dir).receive({ ...kept, uploadId: 'u2' }, pieces('content'))
})
