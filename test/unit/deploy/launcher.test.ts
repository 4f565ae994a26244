import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

const source = join(import.meta.dirname, '../../../deploy/launcher.sh')
const packaged = `node_modules/node-linux-${process.arch}/bin/node`

test('the launcher runs the command line with $ERRAND_NODE before all others', (t) => {
  const folder = layout(t)
  program(folder, packaged, 'packaged')
  program(folder, 'mine/node', 'mine')
  assert.equal(
    launch(folder, { ERRAND_NODE: join(folder, 'mine/node') }).stdout,
    `mine ${folder}/dist/cli.js a b\n`,
  )
})

test('the launcher finds the packaged Node, also through links', (t) => {
  const folder = layout(t)
  program(folder, packaged, 'packaged')
  mkdirSync(join(folder, 'bin'))
  symlinkSync('../dist/errand', join(folder, 'bin/errand'))
  symlinkSync(join(folder, 'bin/errand'), join(folder, 'bin/link'))
  assert.equal(launch(folder, {}, 'bin/link').stdout, `packaged ${folder}/dist/cli.js a b\n`)
})

test('the launcher takes a Node of version 24 or later from the PATH, and no older one', (t) => {
  const folder = layout(t)
  program(folder, 'path/node', 'path', 'v24.0.0')
  assert.equal(launch(folder).stdout, `path ${folder}/dist/cli.js a b\n`)
  program(folder, 'path/node', 'path', 'v22.9.0')
  const { status, stderr } = launch(folder)
  assert.equal(status, 1)
  assert.match(stderr, /^errand: no Node of version 24 or later.*ERRAND_NODE\n$/u)
})

test('the launcher says when $ERRAND_NODE cannot be run', (t) => {
  const { status, stderr } = launch(layout(t), { ERRAND_NODE: '/nowhere/node' })
  assert.equal(status, 1)
  assert.match(stderr, /ERRAND_NODE names \/nowhere\/node/u)
})

function layout(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'errand-launcher-'))
  t.after(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'dist'))
  copyFileSync(source, join(folder, 'dist/errand'))
  chmodSync(join(folder, 'dist/errand'), 0o755)
  return folder
}

/** A stand-in for Node that says who it is and what it was given. */
function program(folder: string, path: string, name: string, version = 'v24.0.0'): void {
  const file = join(folder, path)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(
    file,
    `#!/bin/sh\n[ "$1" = --version ] && echo ${version} && exit\necho ${name} "$@"\n`,
  )
  chmodSync(file, 0o755)
}

function launch(folder: string, env: NodeJS.ProcessEnv = {}, path = 'dist/errand') {
  // What the script itself needs, without any node that this machine may have there.
  mkdirSync(join(folder, 'path'), { recursive: true })
  for (const tool of ['dirname', 'readlink', 'uname']) {
    const found = spawnSync('/bin/sh', ['-c', `command -v ${tool}`], {
      encoding: 'utf8',
    }).stdout.trim()
    try {
      symlinkSync(found, join(folder, 'path', tool))
    } catch {
      // There from the launch before.
    }
  }
  return spawnSync(join(folder, path), ['a', 'b'], {
    encoding: 'utf8',
    env: { PATH: join(folder, 'path'), ...env },
  })
}
