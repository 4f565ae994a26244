import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  isAbout,
  knownHostLine,
  knownHostName,
  parseKnownHosts,
} from '../../../../../controller/fleet/ssh/known-hosts.ts'

const key = 'AAAAC3NzaC1lZDI1NTE5AAAAIF3KGDXuqpRkjqKHL1gTChdONfTPBSYnO2DLcqUEM51Q'

test('parseKnownHosts() reads markers and leaves out what is no line', () => {
  const text = [
    '# a comment',
    '',
    `web1,10.0.0.1 ssh-ed25519 ${key} a comment`,
    `@revoked * ssh-ed25519 ${key}`,
    `@cert-authority *.example.org ssh-ed25519 ${key}`,
    `@unheard-of web1 ssh-ed25519 ${key}`,
    'web1 ssh-ed25519',
  ].join('\n')
  const entries = parseKnownHosts(text, '/k')
  assert.deepEqual(
    entries.map(({ line, marker, hosts }) => ({ line, marker, hosts })),
    [
      { line: 3, marker: 'none', hosts: 'web1,10.0.0.1' },
      { line: 4, marker: 'revoked', hosts: '*' },
      { line: 5, marker: 'cert-authority', hosts: '*.example.org' },
    ],
  )
  assert.equal(entries[0]?.keyBase64, key)
})

test('knownHostName() puts another port than 22 in brackets', () => {
  assert.equal(knownHostName('Web1', 22), 'web1')
  assert.equal(knownHostName('web1', 2222), '[web1]:2222')
})

const matches: readonly (readonly [string, string, boolean])[] = [
  ['web1', 'web1', true],
  ['web1', 'web2', false],
  ['web1,web2', 'web2', true],
  ['*.example.org', 'a.example.org', true],
  ['*.example.org', 'example.org', false],
  ['web?', 'web1', true],
  ['*.example.org,!bad.example.org', 'bad.example.org', false],
  ['*.example.org,!bad.example.org', 'good.example.org', true],
  ['[web1]:2222', '[web1]:2222', true],
  ['[web1]:2222', 'web1', false],
  ['web.1', 'webx1', false],
]
for (const [hosts, name, expected] of matches) {
  test(`isAbout() says ${expected} of ${name} in ${hosts}`, () => {
    const [entry] = parseKnownHosts(`${hosts} ssh-ed25519 ${key}`, '/k')
    assert.ok(entry)
    assert.equal(isAbout(entry, name), expected)
  })
}

test('isAbout() reads names that ssh-keygen -H hashed', () => {
  const text = [
    `|1|2AVeXOu3/zOaea/QxjT+vl6Ggf0=|4Ruor55j2PdbIiY/CW6hUFdnG1o= ssh-ed25519 ${key}`,
    `|1|/X1u3viHh+rME86aiQmuNm/rEuk=|C9y8eXxN9KwfcevUjsrE/niD1ds= ssh-ed25519 ${key}`,
  ].join('\n')
  const [plain, other] = parseKnownHosts(text, '/k')
  assert.ok(plain && other)
  assert.equal(isAbout(plain, 'web1.example.org'), true)
  assert.equal(isAbout(plain, 'web2.example.org'), false)
  assert.equal(isAbout(other, '[web1.example.org]:2222'), true)
  assert.equal(isAbout(other, 'web1.example.org'), false)
})

test('knownHostLine() writes a hashed name that isAbout() finds again', () => {
  const line = knownHostLine('web1', Buffer.from(key, 'base64'), Buffer.alloc(20, 7))
  const [entry] = parseKnownHosts(line, '/k')
  assert.ok(entry)
  assert.doesNotMatch(line, /web1/u)
  assert.equal(entry.keyType, 'ssh-ed25519')
  assert.equal(isAbout(entry, 'web1'), true)
})
