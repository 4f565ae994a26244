import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from '../../../support/properties.ts'
import type { Inventory } from '../../../../controller/inventory/inventory.ts'
import { InventoryBuilder } from '../../../../controller/inventory/inventory-builder.ts'
import {
  hostEntry,
  matchHosts,
  readLimit,
  splitPatterns,
} from '../../../../controller/inventory/match-hosts.ts'
import { SourceFiles } from '../../../../controller/yaml/source-files.ts'
import { writeTree } from '../vars/language-lab.ts'

const groups = { web: ['w1', 'w2', 'w3'], db: ['d1', 'w3'], east: ['w1', 'd1'], empty: [] }

function inventory(): Inventory {
  const builder = new InventoryBuilder([])
  for (const [group, hosts] of Object.entries(groups)) {
    builder.addGroup(group)
    for (const host of hosts) builder.addHost(host, { group })
  }
  return builder.finish()
}

const everything = ['w1', 'w2', 'w3', 'd1']

test('matchHosts() keeps the order in which the patterns name hosts', () => {
  assert.deepEqual(matchHosts(inventory(), 'd1,web'), ['d1', 'w1', 'w2', 'w3'])
  assert.deepEqual(matchHosts(inventory(), 'all'), everything)
})

test('splitPatterns() takes names of hexadecimal letters for names, and addresses for one', () => {
  assert.deepEqual(splitPatterns('db:fe:!ca'), ['db', 'fe', '!ca'])
  assert.deepEqual(splitPatterns('db:db:db'), ['db', 'db', 'db'])
  for (const address of ['::1', 'fe80::1', 'a:b:c:d:e:f:1:2', '::ffff:1.2.3.4'])
    assert.deepEqual(splitPatterns(address), [address])
})

test('matchHosts() does unions first, then intersections, then exclusions', () => {
  const name = fc.constantFrom('web', 'db', 'east', 'empty', 'w1', 'd1')
  const mark = fc.constantFrom('', '&', '!')
  fc.assert(
    fc.property(fc.array(fc.tuple(mark, name), { minLength: 1, maxLength: 6 }), (parts) => {
      const found = matchHosts(
        inventory(),
        parts.map(([sign, pattern]) => sign + pattern),
      )
      assert.deepEqual(new Set(found), modelled(parts))
      assert.equal(new Set(found).size, found.length)
    }),
  )
})

/** The rule, said with sets. */
function modelled(parts: readonly (readonly [string, string])[]): Set<string> {
  const hostsOf = (name: string) => new Set<string>(groups[name as keyof typeof groups] ?? [name])
  const of = (mark: string) =>
    parts.filter(([sign]) => sign === mark).map(([, name]) => hostsOf(name))
  const plain = of('')
  const union = plain.length === 0 ? new Set(everything) : new Set(plain.flatMap((set) => [...set]))
  const both = of('&').reduce((left, right) => left.intersection(right), union)
  return of('!').reduce((left, right) => left.difference(right), both)
}

test('matchHosts() is the same with commas, colons and a list', () => {
  const part = fc.constantFrom('web', 'db', '&east', '!w1', 'w*', 'web[0]', 'web[0:1]', '~d.')
  fc.assert(
    fc.property(fc.array(part, { minLength: 2, maxLength: 5 }), (parts) => {
      const wanted = matchHosts(inventory(), parts)
      assert.deepEqual(matchHosts(inventory(), parts.join(',')), wanted)
      assert.deepEqual(matchHosts(inventory(), parts.join(' , ')), wanted)
      assert.deepEqual(matchHosts(inventory(), parts.join(':')), wanted)
    }),
  )
})

test('matchHosts() takes any text for a pattern or says that it is none', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'w1d[]!&~*?:,-^.()\\ '.split('')) }),
      (pattern) => {
        try {
          for (const host of matchHosts(inventory(), pattern)) assert.ok(everything.includes(host))
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'invalid')
        }
      },
    ),
  )
})

test('matchHosts() leaves out what the limit does not mean', () => {
  const limit = ['web', '!w1']
  assert.deepEqual(matchHosts(inventory(), 'all', { limit }), ['w2', 'w3'])
  assert.deepEqual(matchHosts(inventory(), 'db', { limit }), ['w3'])
})

test('matchHosts() warns of a pattern that means nothing', () => {
  const warnings: string[] = []
  const onWarning = (message: string) => warnings.push(message)
  assert.deepEqual(matchHosts(inventory(), 'nothing,w1', { onWarning }), ['w1'])
  assert.deepEqual(matchHosts(inventory(), 'empty', { onWarning }), [])
  assert.deepEqual(warnings, ['Could not match supplied host pattern, ignoring: nothing'])
})

test('matchHosts() refuses a subscript past the end of a group', () => {
  assert.throws(() => matchHosts(inventory(), 'web[7]'), {
    code: 'invalid',
    message: "No hosts matched the subscripted pattern 'web[7]'",
  })
})

test('readLimit() reads @file line by line', (t) => {
  const root = writeTree(t, { limits: 'w1\n\nweb:!w2\n' })
  writeFileSync(join(root, 'gone'), '')
  const from = { cwd: root, read: (path: string) => new SourceFiles().readText(path) }
  assert.deepEqual(readLimit('@limits,db', from), ['w1', 'web:!w2', 'db'])
  assert.throws(() => readLimit('@nowhere', from), { code: 'not_found' })
})

test('splitPatterns() leaves addresses and ranges whole', () => {
  assert.deepEqual(splitPatterns('2001:db8::1'), ['2001:db8::1'])
  assert.deepEqual(splitPatterns('web[0:2]'), ['web[0:2]'])
  assert.deepEqual(splitPatterns('a:b[1:2]:!c'), ['a', 'b[1:2]', '!c'])
  assert.deepEqual(splitPatterns(['a,b', 'c:d']), ['a', 'b', 'c', 'd'])
})

test('hostEntry() makes up the own machine when no inventory has it', () => {
  const local = hostEntry(inventory(), 'localhost')
  assert.equal(local?.isImplicit, true)
  assert.equal(local?.vars.get('ansible_connection'), 'local')
  assert.equal(hostEntry(inventory(), 'nobody'), undefined)
})
