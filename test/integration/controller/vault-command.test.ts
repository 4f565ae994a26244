import assert from 'node:assert/strict'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { readEnvelope } from '../../../controller/vault/envelope.ts'
import { openVault } from '../../../controller/vault/seal.ts'
import { TestHome } from './test-controller.ts'

const password = ['--vault-password-file', 'pw']

async function vaultHome(t: TestContext): Promise<TestHome> {
  const home = new TestHome(t)
  await home.startController()
  writeFileSync(join(home.folder, 'pw'), 'secret\n')
  writeFileSync(join(home.folder, 'pw2'), 'other\n')
  return home
}

function inside(home: TestHome, name: string, opener = 'secret') {
  const envelope = readEnvelope(readFileSync(join(home.folder, name), 'utf8'), name)
  const opened = openVault(envelope, [{ id: 'default', password: opener }])
  return { label: envelope.label, text: opened?.content.toString() }
}

test('errand vault encrypts, shows and decrypts a file, for its owner alone', async (t) => {
  const home = await vaultHome(t)
  const file = join(home.folder, 'vars.yml')
  writeFileSync(file, 'a: 1\n', { mode: 0o644 })
  symlinkSync('vars.yml', join(home.folder, 'link.yml'))
  assert.deepEqual(await home.errand('vault', 'encrypt', ...password, 'link.yml'), nothing)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.ok(lstatSync(join(home.folder, 'link.yml')).isSymbolicLink())
  assert.deepEqual(inside(home, 'vars.yml'), { label: undefined, text: 'a: 1\n' })
  const shown = await home.errand('vault', 'view', ...password, 'vars.yml')
  assert.deepEqual(shown, { ...nothing, stdout: 'a: 1\n' })
  const again = await home.errand('vault', 'encrypt', ...password, 'vars.yml')
  assert.deepEqual(again, failed('input is already encrypted'))
  const wrong = await home.errand('vault', 'decrypt', '--vault-password-file', 'pw2', 'vars.yml')
  assert.equal(wrong.code, 1)
  assert.match(wrong.stderr, /^ERROR! Decryption failed \(no vault secrets were found/u)
  assert.deepEqual(await home.errand('vault', 'decrypt', ...password, 'vars.yml'), nothing)
  assert.equal(readFileSync(file, 'utf8'), 'a: 1\n')
  const plain = await home.errand('vault', 'view', ...password, 'vars.yml')
  assert.match(plain.stderr, /^ERROR! input is not vault encrypted data\. vars\.yml is not/u)
})

test('errand vault seals standard input, and opens what it sealed, byte by byte', async (t) => {
  const home = await vaultHome(t)
  const words = ['--vault-id', 'dev@pw', '--output', 'sealed']
  const sealed = await home.errandWith({ input: 'some\u0000text' }, 'vault', 'encrypt', ...words)
  assert.deepEqual(sealed, nothing)
  assert.deepEqual(inside(home, 'sealed'), { label: 'dev', text: 'some\u0000text' })
  const opened = await home.errand('vault', 'decrypt', ...password, 'sealed', '--output', '-')
  assert.deepEqual(opened, { ...nothing, stdout: 'some\u0000text' })
  const asked = await home.errandWith({ input: 'x\nx\n' }, 'vault', 'encrypt', 'pw2')
  assert.equal(asked.stderr, 'New Vault password: Confirm New Vault password: ')
  assert.equal(inside(home, 'pw2', 'x').text, 'other\n')
})

test('errand vault create, edit and rekey keep label and mode, and leave no draft behind', async (t) => {
  const home = await vaultHome(t)
  const drafts = join(home.folder, 'tmp')
  writeFileSync(join(home.folder, 'editor'), '#!/bin/sh\necho "$1: $2" >>"$3"; cp "$3" "$3~"\n')
  chmodSync(join(home.folder, 'editor'), 0o755)
  mkdirSync(drafts)
  const env = { TMPDIR: drafts, EDITOR: `${join(home.folder, 'editor')} 'a key' value` }
  const words = ['--vault-id', 'dev@pw', 'new/vars.yml']
  const made = await home.errandWith({ env }, 'vault', 'create', ...words)
  assert.equal(made.stderr, '[WARNING]: new does not exist, creating...\n')
  assert.deepEqual(inside(home, 'new/vars.yml'), { label: 'dev', text: 'a key: value\n' })
  chmodSync(join(home.folder, 'new/vars.yml'), 0o640)
  const edited = await home.errandWith({ env }, 'vault', 'edit', ...password, 'new/vars.yml')
  assert.deepEqual(edited, nothing)
  assert.deepEqual(inside(home, 'new/vars.yml'), {
    label: 'dev',
    text: 'a key: value\na key: value\n',
  })
  const before = readFileSync(join(home.folder, 'new/vars.yml'), 'utf8')
  await home.errandWith(
    { env: { ...env, EDITOR: 'true' } },
    'vault',
    'edit',
    ...password,
    words[2] ?? '',
  )
  assert.equal(readFileSync(join(home.folder, 'new/vars.yml'), 'utf8'), before)
  assert.deepEqual(readdirSync(drafts), [])
  const fresh = ['--new-vault-id', 'prod@pw2']
  const rekeyed = await home.errand('vault', 'rekey', ...password, ...fresh, 'new/vars.yml')
  assert.deepEqual(rekeyed, { ...nothing, stderr: 'Rekey successful\n' })
  assert.equal(inside(home, 'new/vars.yml', 'other').label, 'prod')
  assert.equal(statSync(join(home.folder, 'new/vars.yml')).mode & 0o777, 0o640)
  assert.deepEqual(readdirSync(join(home.folder, 'new')), ['vars.yml'])
  const there = await home.errandWith({ env }, 'vault', 'create', ...words)
  assert.deepEqual(there, failed("new/vars.yml exists, please use 'edit' instead"))
})

test('errand vault encrypt_string prints values for YAML, and says which is which', async (t) => {
  const home = await vaultHome(t)
  const words = ['--vault-id', 'dev@pw', 'one', 'two', '-n', 'first']
  const { stdout, stderr, code } = await home.errand('vault', 'encrypt_string', ...words)
  assert.equal(code, 0)
  assert.match(
    stdout,
    /^first: !vault \|\n {10}\$ANSIBLE_VAULT;1\.2;AES256;dev\n( {10}\w+\n)+!vault \|\n/u,
  )
  assert.match(
    stderr,
    /^# The encrypted version of variable \("first", the string #1 from the com/mu,
  )
  const piped = await home.errandWith(
    { input: 'text' },
    'vault',
    'encrypt_string',
    '--stdin-name=given',
    ...password,
  )
  assert.match(piped.stdout, /^given: !vault \|\n/u)
})

test('errand vault has the exit code 5 for a command line that makes no sense', async (t) => {
  const home = await vaultHome(t)
  const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
    [
      ['encrypt', '--vault-id', 'a@pw', '--vault-id', 'b@pw2', 'pw'],
      5,
      /^ERROR! The vault-ids a,b /u,
    ],
    [['encrypt', '--vault-id', 'a@pw', '--encrypt-vault-id', 'c', 'pw'], 1, /\['a'\]$/mu],
    [['encrypt_string', ...password, ''], 5, /was empty, not encrypting/u],
    [['view', ...password, 'gone'], 1, /^ERROR! Unable to read source file/u],
    [['shred'], 2, /unknown command/u],
  ]
  for (const [words, code, says] of cases) {
    const said = await home.errand('vault', ...words)
    assert.equal(said.code, code, words.join(' '))
    assert.match(said.stderr, says)
  }
})

const nothing = { code: 0, stdout: '', stderr: '' }

function failed(sentence: string) {
  return { code: 1, stdout: '', stderr: `ERROR! ${sentence}\n` }
}
