import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { plain } from '../../../support/plain.ts'
import { isMap } from '../../../../proto/value.ts'
import { parseYaml } from '../../../../controller/yaml.ts'
import { textOfTemplate } from '../../../../controller/yaml/as-data.ts'
import { SourceFiles } from '../../../../controller/yaml/source-files.ts'
import { isVault } from '../../../../controller/vault/envelope.ts'
import { sealVault } from '../../../../controller/vault/seal.ts'
import { Vault } from '../../../../controller/yaml/vault.ts'

const fixtures = join(import.meta.dirname, '../../../fixtures/language')
const secret = { id: 'default', password: 'secret' }

for (const version of ['1.1', '1.2']) {
  test(`Vault.open() opens what ansible-vault sealed in format ${version}`, () => {
    const path = join(fixtures, `vault-${version}.yml`)
    assert.ok(isVault(readFileSync(path, 'utf8')))
    const files = new SourceFiles({ vault: new Vault([secret]) })
    assert.equal(files.readText(path), 'a: 1\nb: "{{ c }}"\n')
    assert.deepEqual(plain(files.parse(path).value), { a: 1, b: '{{ c }}' })
  })
}

test('Vault.open() tries every password, the one with the label first', () => {
  const vault = new Vault([
    { id: 'a', password: 'no' },
    { id: 'b', password: 'yes' },
  ])
  const sealed = sealVault('text', { id: 'b', password: 'yes' })
  assert.match(sealed, /^\$ANSIBLE_VAULT;1\.2;AES256;b\n/u)
  assert.equal(vault.open(sealed, 'it'), 'text')
})

test('Vault.open() says that a password is missing, or wrong', () => {
  const sealed = sealVault('text', secret)
  assert.throws(() => new Vault([]).open(sealed, 'the file x'), {
    code: 'denied',
    message: /^the file x is encrypted and no vault password was given/u,
  })
  assert.throws(() => new Vault([{ id: 'default', password: 'x' }]).open(sealed, 'the file x'), {
    code: 'denied',
    message: 'none of the vault passwords given opens the file x',
  })
})

test('Vault.open() notices damage', () => {
  const sealed = sealVault('text', secret)
  const vault = new Vault([secret])
  assert.throws(() => vault.open(sealed.slice(0, 40), 'x'), { code: 'invalid' })
  assert.throws(() => vault.open('$ANSIBLE_VAULT;9.9;ROT13\n00', 'x'), { code: 'invalid' })
  const broken = sealed.replace(/3[0-4](?=\n$)/u, '35')
  if (broken !== sealed) assert.throws(() => vault.open(broken, 'x'), { code: 'denied' })
})

test('parseYaml() opens !vault values and keeps templates in them as text', () => {
  const sealed = sealVault('{{ x }}', secret).trim().replaceAll('\n', '\n  ')
  const text = `a: !vault |\n  ${sealed}\n`
  const { value } = parseYaml(text, 'f.yml', { vault: new Vault([secret]) })
  const opened = isMap(value) ? value.get('a') : undefined
  assert.ok(typeof opened === 'string')
  assert.equal(textOfTemplate(opened), '{{ x }}')
})

test('parseYaml() lets a !vault value that nothing opens fail where it is used', () => {
  const sealed = sealVault('text', secret).trim().replaceAll('\n', '\n  ')
  const sealedValue = (secrets: ConstructorParameters<typeof Vault>[0]) => {
    const { value } = parseYaml(`a: !vault |\n  ${sealed}\n`, 'f.yml', {
      vault: new Vault(secrets),
    })
    return isMap(value) ? value.get('a') : undefined
  }
  assert.match(String(sealedValue([])), /Attempting to decrypt but no vault secrets found/u)
  const wrong = sealedValue([{ id: 'default', password: 'x' }])
  assert.match(String(wrong), /no vault secrets were found that could decrypt/u)
})
