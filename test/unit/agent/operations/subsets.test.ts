import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wantedCollectors } from '../../../../agent/operations/facts/subsets.ts'

const few = [...wantedCollectors(['min'])].toSorted()

test('wantedCollectors() gathers everything, or a few parts whatever is asked', () => {
  assert.ok(wantedCollectors(['all']).has('hardware'))
  assert.ok(wantedCollectors([]).has('virtual'))
  assert.ok(few.includes('distribution') && !few.includes('loadavg') && !few.includes('chroot'))
})

test('wantedCollectors() takes parts out of all, and leaves what is named', () => {
  const rows: readonly (readonly [string[], string[]])[] = [
    [['!all'], few],
    [['!hardware'], few],
    [['!all', '!min'], []],
    [['!min'], []],
    [['!all', '!min', 'date_time'], ['date_time']],
    [['hardware', '!hardware'], [...few, 'hardware'].toSorted()],
    [['network'], [...few, 'network'].toSorted()],
    [
      ['!all', '!min', 'default_ipv4'],
      ['distribution', 'network', 'platform'],
    ],
  ]
  for (const [asked, expected] of rows)
    assert.deepEqual([...wantedCollectors(asked)].toSorted(), expected, asked.join())
  assert.ok(!wantedCollectors(['all', '!virtual']).has('virtual'))
})

test('wantedCollectors() refuses the unknown, and lists what there is', () => {
  assert.throws(
    () => wantedCollectors(['nope']),
    /Bad subset 'nope' given to Ansible. gather_subset options allowed: all, all_ipv4/u,
  )
  assert.deepEqual([...wantedCollectors(['!nope'])].toSorted(), few)
})
