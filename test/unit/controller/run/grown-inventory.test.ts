import { mapOf, newMap } from '../../../../proto/value.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Group, Inventory } from '../../../../controller/inventory/inventory.ts'
import { addHost, addToGroup, growAgain } from '../../../../controller/run/grown-inventory.ts'

const all: Group = {
  name: 'all',
  vars: newMap(),
  children: [],
  ownHosts: [],
  hosts: [],
  depth: 0,
  priority: 1,
}
const empty: Inventory = { hosts: new Map(), groups: new Map([['all', all]]), sources: [] }

test('addHost() puts a host into its groups and into all', () => {
  const { inventory, hasChanged } = addHost(empty, {
    name: 'new',
    groups: ['web'],
    vars: mapOf({ a: 1 }),
  })
  assert.equal(hasChanged, true)
  assert.deepEqual(inventory.hosts.get('new')?.groups, ['web'])
  assert.deepEqual(inventory.groups.get('web')?.hosts, ['new'])
  assert.deepEqual(inventory.groups.get('all')?.hosts, ['new'])
  assert.equal(empty.hosts.size, 0)
})

test('addHost() of the same again changes nothing', () => {
  const added = { name: 'new', groups: ['web'], vars: mapOf({ a: 1 }) }
  const { inventory } = addHost(empty, added)
  assert.equal(addHost(inventory, added).hasChanged, false)
})

test('addToGroup() makes the group below its parents', () => {
  const { inventory } = addHost(empty, { name: 'h', groups: [], vars: newMap() })
  const grown = addToGroup(inventory, { host: 'h', group: 'os_debian', parents: ['linux'] })
  assert.deepEqual(grown.inventory.groups.get('linux')?.children, ['os_debian'])
  assert.deepEqual(grown.inventory.groups.get('linux')?.hosts, ['h'])
})

test('addToGroup() gives a group that was there its new parents, for all hosts in it', () => {
  const { inventory } = addHost(empty, { name: 'h', groups: ['zone_a'], vars: newMap() })
  const two = addHost(inventory, { name: 'i', groups: [], vars: newMap() })
  const grown = addToGroup(two.inventory, { host: 'i', group: 'zone_a', parents: ['zones'] })
  assert.deepEqual(grown.inventory.groups.get('zones')?.hosts, ['h', 'i'])
  assert.deepEqual(grown.inventory.hosts.get('h')?.groups, ['zones', 'zone_a'])
  assert.equal(grown.inventory.groups.get('zone_a')?.depth, 2)
})

test('addToGroup() takes a host out of ungrouped', () => {
  const { inventory } = addHost(empty, { name: 'h', groups: [], vars: newMap() })
  assert.deepEqual(inventory.hosts.get('h')?.groups, ['ungrouped'])
  const grown = addToGroup(inventory, { host: 'h', group: 'web', parents: [] })
  assert.deepEqual(grown.inventory.hosts.get('h')?.groups, ['web'])
  assert.deepEqual(grown.inventory.groups.get('ungrouped')?.hosts, [])
})

test('addToGroup() refuses a circle', () => {
  const { inventory } = addHost(empty, { name: 'h', groups: ['a'], vars: newMap() })
  const { inventory: below } = addToGroup(inventory, { host: 'h', group: 'a', parents: ['b'] })
  assert.throws(() => addToGroup(below, { host: 'h', group: 'b', parents: ['a'] }), {
    code: 'invalid',
    message: "Adding group 'b' as child to 'a' creates a recursive dependency loop.",
  })
})

test('growAgain() puts everything into a fresh inventory but hosts that are gone', () => {
  const grown = growAgain(empty, [
    { kind: 'add_host', name: 'new', groups: ['extra'], vars: mapOf({ a: 1 }) },
    { kind: 'add_to_group', host: 'gone', group: 'web', parents: [] },
    { kind: 'add_to_group', host: 'new', group: 'web', parents: [] },
  ])
  assert.deepEqual([...grown.hosts.keys()], ['new'])
  assert.deepEqual(grown.groups.get('web')?.hosts, ['new'])
})
