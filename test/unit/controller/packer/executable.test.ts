import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { executable, withJsonArgs } from '../../../../controller/packer/executable.ts'
import type { PackedModule } from '../../../../controller/run/ports.ts'

function answerOf(content: Uint8Array, input: string) {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'errand-executable-'))
  const file = join(dir.path, 'program')
  writeFileSync(file, content)
  chmodSync(file, 0o700)
  const { stdout, status } = spawnSync(file, { input, encoding: 'utf8' })
  return { stdout, status }
}

function moduleOf(kind: PackedModule['kind'], text: string): PackedModule {
  return { kind, content: Buffer.from(text, 'latin1') }
}

test('executable() runs a module of another kind with its arguments in a file, and hands its exit code on', () => {
  const module = moduleOf('old', '#!/bin/sh\n. "$1"\nprintf "%s" "$name"\nexit 3\n')
  const program = executable(module, { interpreter: undefined })
  assert.deepEqual(answerOf(program, "name='a b'"), { stdout: 'a b', status: 3 })
})

test('executable() keeps every byte of the module', () => {
  const all = Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(byte)).join('')
  const module = moduleOf(
    'want_json',
    `#!/bin/sh\ntail -n +4 "$0" | od -An -tx1 | tr -d ' \\n'\nexit\n${all}`,
  )
  const { stdout } = answerOf(executable(module, { interpreter: undefined }), '{}')
  assert.equal(stdout, Buffer.from(all, 'latin1').toString('hex'))
})

test('executable() gives a program of Python to the interpreter that the host has, or to the named one', () => {
  const module = moduleOf('want_json', '#!/usr/bin/python\necho "$0"\n')
  const named = answerOf(executable(module, { interpreter: '/bin/sh' }), '{}')
  assert.match(named.stdout, /module\n$/u)
})

test('executable() removes what it is told to when a packed module has ended', () => {
  using dir = mkdtempDisposableSync(join(tmpdir(), 'errand-executable-'))
  const sent = join(dir.path, 'sent')
  writeFileSync(sent, '')
  // What is not a zip file ends any Python; here a shell stands for it.
  const module = moduleOf('python', '')
  const program = executable(module, { interpreter: 'true', removes: sent })
  assert.equal(answerOf(program, '{}').status, 0)
  assert.equal(existsSync(sent), false)
})

test('withJsonArgs() puts the arguments where the module wants them', () => {
  const module = moduleOf('json_args', 'args = <<INCLUDE_ANSIBLE_MODULE_JSON_ARGS>>')
  assert.equal(Buffer.from(withJsonArgs(module, '{"a":1}').content).toString(), 'args = {"a":1}')
})
