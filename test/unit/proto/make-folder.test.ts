import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFolder } from '../../../proto/make-folder.ts'

void test('makeFolder() makes what is missing, for its owner alone', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'errand-folder-'))
  t.after(() => rmSync(root, { recursive: true }))
  const path = join(root, 'a/b')
  makeFolder(path)
  makeFolder(path)
  for (const made of [path, join(root, 'a')]) assert.equal(statSync(made).mode & 0o777, 0o700)
})

void test('makeFolder() says which folder it cannot make', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'errand-folder-'))
  t.after(() => rmSync(root, { recursive: true }))
  writeFileSync(join(root, 'file'), '')
  const path = join(root, 'file/below')
  assert.throws(() => makeFolder(path), {
    code: 'denied',
    message: /cannot make the folder .*file\/below/u,
  })
})

void test('makeFolder() gives up where nothing can be made', () => {
  assert.throws(() => makeFolder('/proc/errand/home'), { code: 'denied' })
})
