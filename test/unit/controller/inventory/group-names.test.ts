import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GroupNames, type GroupNameRule } from '../../../../controller/inventory/group-names.ts'
import { InventoryBuilder } from '../../../../controller/inventory/inventory-builder.ts'

function builtBy(rule: GroupNameRule) {
  const warnings = new Set<string>()
  const builder = new InventoryBuilder(
    [],
    new GroupNames(rule, (text) => {
      warnings.add(text)
    }),
  )
  builder.addGroup('my-group')
  builder.addGroup('1é_ok')
  builder.addHost('h', { group: 'my-group' })
  builder.addChild('1é_ok', 'my-group')
  builder.setGroupVar('my-group', 'a', 1)
  const { groups, hosts } = builder.finish()
  return { groups: [...groups.keys()].slice(2), host: hosts.get('h')?.groups, warnings }
}

test('groups keep names that no variable may have, with a warning where nobody says otherwise', () => {
  const { groups, host, warnings } = builtBy('never')
  assert.deepEqual(
    [groups, host],
    [
      ['my-group', '1é_ok'],
      ['1é_ok', 'my-group'],
    ],
  )
  assert.deepEqual(
    [...warnings],
    ['Invalid characters were found in group names but not replaced, use -vvvv to see details'],
  )
  assert.equal(builtBy('ignore').warnings.size, 0)
})

test('groups get other names where ansible.cfg says so, wherever they are named', () => {
  const { groups, host, warnings } = builtBy('always')
  assert.deepEqual(
    [groups, host],
    [
      ['my_group', '_é_ok'],
      ['_é_ok', 'my_group'],
    ],
  )
  assert.equal(warnings.size, 1)
  assert.equal(builtBy('silently').warnings.size, 0)
})
