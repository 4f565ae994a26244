import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { ErrandError } from '../../../../proto/errors.ts'
import { connectionPasswords } from '../../../../controller/cli/passwords.ts'
import { vaultPasswords } from '../../../../controller/cli/vault-passwords.ts'

const settings = {
  askPass: false,
  becomeAskPass: false,
  askVaultPass: false,
  vaultIdentities: [],
} as const

const warn = () => assert.fail('warned')

const noVault = { inventory: [], limit: [], extraVars: [], vaultId: [], vaultPasswordFile: [] }

test('vaultPasswords() reads files, programs and prompts in the order of use', async (t) => {
  const folder = temporaryFolder(t)
  writeFileSync(join(folder, 'plain'), 'from-file\n')
  writeFileSync(join(folder, 'program'), '#!/bin/sh\necho from-program\n')
  chmodSync(join(folder, 'program'), 0o755)
  const asked: string[] = []
  const flags = {
    ...noVault,
    vaultId: ['dev@plain', 'prod@prompt'],
    vaultPasswordFile: ['program'],
    askVaultPass: true,
  } as const
  const passwords = await vaultPasswords(flags, {
    settings,
    cwd: folder,
    warn,
    ask: async (prompt) => {
      asked.push(prompt)
      return 'typed'
    },
  })
  assert.deepEqual(passwords, [
    { id: 'dev', password: 'from-file' },
    { id: 'prod', password: 'typed' },
    { id: 'default', password: 'from-program' },
    { id: 'default', password: 'typed' },
  ])
  assert.deepEqual(asked, ['Vault password (prod): ', 'Vault password: '])
})

test('connectionPasswords() takes the SSH password where no become password is typed', async () => {
  const answers = ['ssh', '']
  const asked: string[] = []
  const passwords = await connectionPasswords(
    { askPass: true, askBecomePass: true },
    {
      cwd: '/',
      settings,
      ask: async (prompt) => {
        asked.push(prompt)
        return answers.shift() ?? assert.fail('asked too often')
      },
    },
  )
  assert.deepEqual(passwords, { sshPassword: 'ssh', becomePassword: 'ssh' })
  assert.deepEqual(asked, ['SSH password: ', 'BECOME password[defaults to SSH password]: '])
})

test('vaultPasswords() takes what ansible.cfg names, labels first', async (t) => {
  const folder = temporaryFolder(t)
  writeFileSync(join(folder, 'a'), 'one')
  writeFileSync(join(folder, 'b'), 'two')
  const passwords = await vaultPasswords(noVault, {
    cwd: '/',
    warn,
    ask: () => assert.fail('asked'),
    settings: {
      ...settings,
      vaultIdentities: [`dev@${join(folder, 'a')}`],
      vaultPasswordFile: join(folder, 'b'),
    },
  })
  assert.deepEqual(passwords, [
    { id: 'dev', password: 'one' },
    { id: 'default', password: 'two' },
  ])
})

test('vaultPasswords() warns of a file that gives none, and refuses when no other does', async (t) => {
  const folder = temporaryFolder(t)
  writeFileSync(join(folder, 'a'), 'one')
  writeFileSync(join(folder, 'empty'), '\n')
  const warnings: string[] = []
  const sources = {
    settings,
    cwd: folder,
    ask: () => assert.fail('asked'),
    warn: async (text: string) => void warnings.push(text),
  }
  const one = { id: 'default', password: 'one' }
  const both = { ...noVault, vaultPasswordFile: ['gone', 'a'] }
  assert.deepEqual(await vaultPasswords(both, sources), [one])
  const none = { ...noVault, vaultId: ['x@gone'], vaultPasswordFile: ['empty'] }
  await assert.rejects(vaultPasswords(none, sources), {
    message: `Invalid vault password was provided from file (${join(folder, 'empty')})`,
  })
  const gone = `The vault password file ${join(folder, 'gone')} was not found`
  assert.deepEqual(warnings.slice(0, 2), [
    `Error getting vault password file (default): ${gone}`,
    `Error getting vault password file (x): ${gone}`,
  ])
})

test('vaultPasswords() asks twice for a new password, and once where one is needed and none named', async () => {
  const answers = ['new', 'new', 'old', 'new', 'other']
  const asked: string[] = []
  const sources = {
    settings,
    cwd: '/',
    warn,
    isNeeded: true,
    ask: async (prompt: string) => {
      asked.push(prompt)
      return answers.shift() ?? assert.fail('asked too often')
    },
  }
  const labelled = { ...noVault, vaultId: ['dev@prompt'] }
  assert.deepEqual(await vaultPasswords(labelled, { ...sources, isNew: true }), [
    { id: 'dev', password: 'new' },
  ])
  assert.deepEqual(await vaultPasswords(noVault, sources), [{ id: 'default', password: 'old' }])
  await assert.rejects(vaultPasswords(noVault, { ...sources, isNew: true }), {
    message: 'Passwords do not match',
  })
  assert.deepEqual(asked, [
    'New vault password (dev): ',
    'Confirm new vault password (dev): ',
    'Vault password: ',
    'New Vault password: ',
    'Confirm New Vault password: ',
  ])
})

test('connectionPasswords() asks nothing when no flag says so', async () => {
  const passwords = await connectionPasswords(
    {},
    { cwd: '/', settings, ask: () => assert.fail('asked') },
  )
  assert.deepEqual(passwords, {})
})

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'errand-passwords-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

test('connectionPasswords() goes on without a password when the input has ended', async () => {
  const ask = () => Promise.reject(new ErrandError('not_found', 'the input has ended'))
  const flags = { askPass: true, askBecomePass: true } as const
  assert.deepEqual(await connectionPasswords(flags, { settings, cwd: '/', ask }), {})
})
