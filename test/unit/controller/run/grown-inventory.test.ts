import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Group, Inventory } from '../../../../controller/inventory/inventory.ts'
import { addHost, addToGroup } from '../../../../controller/run/grown-inventory.ts'

const all: Group = {
  name: 'all',
  vars: {},
  children: [],
  ownHosts: [],
  hosts: [],
  depth: 0,
  priority: 1,
}
const empty: Inventory = { hosts: new Map(), groups: new Map([['all', all]]), sources: [] }

test('addHost() puts a host into its groups and into all', () => {
  const { inventory, hasChanged } = addHost(empty, { name: 'new', groups: ['web'], vars: { a: 1 } })
  assert.equal(hasChanged, true)
  assert.deepEqual(inventory.hosts.get('new')?.groups, ['web'])
  assert.deepEqual(inventory.groups.get('web')?.hosts, ['new'])
  assert.deepEqual(inventory.groups.get('all')?.hosts, ['new'])
  assert.equal(empty.hosts.size, 0)
})

test('addHost() of the same again changes nothing', () => {
  const added = { name: 'new', groups: ['web'], vars: { a: 1 } }
  const { inventory } = addHost(empty, added)
  assert.equal(addHost(inventory, added).hasChanged, false)
})

test('addToGroup() makes the group below its parents', () => {
  const { inventory } = addHost(empty, { name: 'h', groups: [], vars: {} })
  const grown = addToGroup(inventory, { host: 'h', group: 'os_debian', parents: ['linux'] })
  assert.deepEqual(grown.inventory.groups.get('linux')?.children, ['os_debian'])
  assert.deepEqual(grown.inventory.groups.get('linux')?.hosts, ['h'])
})
