import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mapOf } from '../../../../proto/value.ts'
import { plain } from '../../../support/plain.ts'
import {
  completed,
  loopResult,
  registered,
  shown,
  statusOf,
} from '../../../../controller/run/results.ts'

test('completed() adds failed and changed, in this order', () => {
  const result = completed(mapOf({ stdout: 'a' }))
  assert.deepEqual(
    [...result],
    [
      ['stdout', 'a'],
      ['failed', false],
      ['changed', false],
    ],
  )
  assert.equal(completed(mapOf({ rc: 1 })).get('failed'), true)
  assert.equal(completed(mapOf({ rc: 1, failed: false })).get('failed'), false)
})

test('statusOf() reads a result as Ansible does', () => {
  assert.equal(statusOf(mapOf({ unreachable: true, failed: true })), 'unreachable')
  assert.equal(statusOf(mapOf({ failed: 0, changed: true })), 'changed')
  assert.equal(statusOf(mapOf({ skipped: true })), 'skipped')
  assert.equal(
    statusOf(
      mapOf({ results: [mapOf({ skipped: true }), mapOf({ changed: true })], changed: true }),
    ),
    'changed',
  )
  assert.equal(
    statusOf(mapOf({ results: [mapOf({ skipped: true }), mapOf({ skipped: true })] })),
    'skipped',
  )
})

test('statusOf() takes what failed_when said before anything else', () => {
  assert.equal(statusOf(mapOf({ failed: true, failed_when_result: false })), 'ok')
  const items = [mapOf({ failed: true, failed_when_result: false })]
  assert.equal(statusOf(mapOf({ failed: true, changed: true, results: items })), 'changed')
})

test('loopResult() of no items is skipped', () => {
  assert.deepEqual(plain(loopResult([])), {
    changed: false,
    skipped: true,
    skipped_reason: 'No items in the list',
    results: [],
  })
})

test('loopResult() fails when an item did', () => {
  const whole = loopResult([mapOf({ changed: true }), mapOf({ failed: true })])
  assert.equal(whole.get('failed'), true)
  assert.equal(whole.get('changed'), true)
  assert.equal(whole.get('msg'), 'One or more items failed')
})

test('registered() keeps no internal field, at any depth', () => {
  const kept = registered(mapOf({ _ansible_a: 1, results: [mapOf({ _ansible_b: 1, c: 2 })] }))
  assert.deepEqual(plain(kept), { results: [{ c: 2 }] })
})

test('shown() hides what no_log covers', () => {
  const result = shown(mapOf({ stdout: 'secret', changed: true, attempts: 2 }), { noLog: true })
  assert.deepEqual([...result.keys()].toSorted(), ['attempts', 'censored', 'changed'])
})
