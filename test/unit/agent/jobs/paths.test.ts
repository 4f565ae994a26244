import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { findCgroupMount } from '../../../../agent/jobs/cgroup-base.ts'
import { findProgram, pythonErrno } from '../../../../agent/jobs/find-program.ts'
import { anyMatch, globToRegExp } from '../../../../agent/jobs/glob.ts'
import { expandPath } from '../../../../agent/jobs/job-environment.ts'
import { findInPasswd } from '../../../../agent/jobs/account.ts'
import { limitText } from '../../../../agent/jobs/shim-start.ts'
import { tempDir } from '../temp-dir.ts'

test('findProgram() looks on the PATH, from the folder, and tells missing from forbidden', async (t) => {
  const dir = tempDir(t)
  mkdirSync(join(dir, 'bin'))
  writeFileSync(join(dir, 'bin/tool'), '')
  writeFileSync(join(dir, 'bin/data'), '')
  chmodSync(join(dir, 'bin/tool'), 0o755)
  chmodSync(join(dir, 'bin/data'), 0o644)
  const at = { path: `/nope:${dir}/bin`, cwd: dir }
  assert.deepEqual(await findProgram('tool', at), { kind: 'found', path: join(dir, 'bin/tool') })
  assert.deepEqual(await findProgram('bin/tool', at), {
    kind: 'found',
    path: join(dir, 'bin/tool'),
  })
  const data = await findProgram('data', at)
  assert.equal(data.kind === 'missing' && data.errno, 'EACCES')
  const none = await findProgram('none', at)
  assert.equal(
    none.kind === 'missing' && none.message,
    "[Errno 2] No such file or directory: b'none'",
  )
})

test('pythonErrno() writes names as Python writes bytes', () => {
  assert.equal(pythonErrno('EACCES', "it's"), `[Errno 13] Permission denied: b"it's"`)
  assert.equal(
    pythonErrno('ENOENT', 'ä\n'),
    "[Errno 2] No such file or directory: b'\\xc3\\xa4\\n'",
  )
})

test('anyMatch() takes paths and globs, relative to a folder, and broken links', async (t) => {
  const dir = tempDir(t)
  mkdirSync(join(dir, 'a/b'), { recursive: true })
  writeFileSync(join(dir, 'a/b/file.txt'), '')
  writeFileSync(join(dir, 'a/.hidden'), '')
  symlinkSync('nowhere', join(dir, 'broken'))
  for (const pattern of [
    'a',
    'a/*/file.txt',
    '*/b/f?le.[t]xt',
    'broken',
    `${dir}/a/.h*`,
    'a/b/[!x]*',
  ]) {
    assert.equal(await anyMatch(pattern, dir), true, pattern)
  }
  for (const pattern of ['b', 'a/*.txt', 'a/h*', '/no/such/*']) {
    assert.equal(await anyMatch(pattern, dir), false, pattern)
  }
})

test('globToRegExp() takes everything else as it is', () => {
  assert.equal(globToRegExp('a.b+c(d)').test('a.b+c(d)'), true)
  assert.equal(globToRegExp('a.b').test('axb'), false)
  assert.equal(globToRegExp('a[').test('a['), true)
})

test('expandPath() knows the home and variables, and leaves what it does not know', () => {
  const environment = { HOME: '/home/u', NAME: 'x' }
  assert.equal(expandPath('~/a/$NAME/${NAME}/$NONE', environment), '/home/u/a/x/x/$NONE')
  assert.equal(expandPath('~other/a', environment), '~other/a')
})

test('findInPasswd() finds by name before it finds by number', () => {
  const text = 'root:x:0:0:root:/root:/bin/bash\n1000:x:5:5::/:\nu:x:1000:100:A B:/home/u:/bin/sh\n'
  assert.equal(findInPasswd(text, 'u')?.home, '/home/u')
  assert.equal(findInPasswd(text, '1000')?.uid, 5)
  assert.equal(findInPasswd(text, '0')?.name, 'root')
  assert.equal(findInPasswd(text, 'none'), undefined)
})

test('findCgroupMount() finds version 2 wherever it is mounted', () => {
  const line = '40 30 0:37 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw'
  assert.equal(
    findCgroupMount(`31 30 0:28 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n${line}\n`),
    '/sys/fs/cgroup/unified',
  )
  assert.equal(findCgroupMount('31 30 0:28 / /x rw - tmpfs tmpfs rw'), undefined)
})

test('limitText() is exact where sleep takes fractions and never shorter elsewhere', () => {
  assert.equal(limitText(1500, '0.05'), '1.5')
  assert.equal(limitText(1500, '1'), '2')
  assert.equal(limitText(0, '1'), '0')
})
