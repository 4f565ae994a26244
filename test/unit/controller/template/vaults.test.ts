import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Undefined } from '../../../../controller/template/scope.ts'
import { Templates } from '../../../../controller/template/templates.ts'

const templates = new Templates({ lookups: { lookup: () => assert.fail('no lookups') } })

function render(source: string) {
  return templates.render(source, { resolve: (name) => new Undefined(name) })
}

test('the filter vault seals as Ansible 2.14.18 does', () => {
  const sealed = `$ANSIBLE_VAULT;1.2;AES256;filter_default
373336313663373437390a3864656333356137353863633737323935376562366166383039623239
66656463373532373362363337623464393539303936376664336239303066366163380a62313838
61383437626637373137303232373139613435303630633634633366
`
  assert.equal(render("{{ 'abc' | vault('pw', 'salty') }}"), sealed)
})

test('the filter unvault opens what is sealed, and leaves other text', () => {
  assert.equal(render("{{ 'abc' | vault('pw', vaultid='mine') | unvault('pw') }}"), 'abc')
  assert.equal(render("{{ 'plain' | unvault('pw') }}"), 'plain')
})

const refused: readonly (readonly [source: string, why: RegExp])[] = [
  ["{{ 'abc' | vault('pw') | unvault('no') }}", /Unable to decrypt: Decryption failed/u],
  ["{{ 1 | vault('pw') }}", /Can only vault strings, instead we got: <class 'int'>/u],
  [
    "{{ 'a' | vault(5) }}",
    /Secret passed is required to be a string, instead we got: <class 'int'>/u,
  ],
  ["{{ 'a' | vault('pw', '') }}", /Empty or invalid salt/u],
]

for (const [source, why] of refused) {
  test(`${source} is refused with a reason`, () => {
    assert.throws(() => render(source), why)
  })
}
