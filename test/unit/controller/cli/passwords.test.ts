import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { connectionPasswords, vaultPasswords } from '../../../../controller/cli/passwords.ts'

const settings = {
  askPass: false,
  becomeAskPass: false,
  askVaultPass: false,
  vaultIdentities: [],
} as const

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
