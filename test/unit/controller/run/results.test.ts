import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  completed,
  loopResult,
  registered,
  shown,
  statusOf,
} from '../../../../controller/run/results.ts'

test('completed() adds failed, changed and lines', () => {
  assert.deepEqual(
    { ...completed({ stdout: 'a\nb' }) },
    {
      stdout: 'a\nb',
      stdout_lines: ['a', 'b'],
      failed: false,
      changed: false,
    },
  )
  assert.equal(completed({ rc: 1 })['failed'], true)
  assert.equal(completed({ rc: 1, failed: false })['failed'], false)
})

test('statusOf() reads a result as Ansible does', () => {
  assert.equal(statusOf({ unreachable: true, failed: true }), 'unreachable')
  assert.equal(statusOf({ failed: 0, changed: true }), 'changed')
  assert.equal(statusOf({ skipped: true }), 'skipped')
  assert.equal(
    statusOf({ results: [{ skipped: true }, { changed: true }], changed: true }),
    'changed',
  )
  assert.equal(statusOf({ results: [{ skipped: true }, { skipped: true }] }), 'skipped')
})

test('loopResult() of no items is skipped', () => {
  assert.deepEqual(
    { ...loopResult([]) },
    {
      changed: false,
      skipped: true,
      skipped_reason: 'No items in the list',
      results: [],
    },
  )
})

test('loopResult() fails when an item did', () => {
  const whole = loopResult([{ changed: true }, { failed: true }])
  assert.equal(whole['failed'], true)
  assert.equal(whole['changed'], true)
  assert.equal(whole['msg'], 'One or more items failed')
})

test('registered() keeps no internal field, at any depth', () => {
  const kept = registered({ _ansible_a: 1, results: [{ _ansible_b: 1, c: 2 }] })
  assert.deepEqual({ ...kept, results: [{ c: 2 }] }, { results: [{ c: 2 }] })
  assert.deepEqual(Object.keys((kept['results'] as readonly object[])[0] ?? {}), ['c'])
})

test('shown() hides what no_log covers', () => {
  const result = shown(
    { stdout: 'secret', changed: true, attempts: 2 },
    { noLog: true, hasDiff: true },
  )
  assert.deepEqual(Object.keys(result).toSorted(), ['attempts', 'censored', 'changed'])
})

test('shown() tells differences only where they are asked for', () => {
  assert.equal(shown({ diff: {} }, { noLog: false, hasDiff: false })['diff'], undefined)
  assert.deepEqual(shown({ diff: {} }, { noLog: false, hasDiff: true })['diff'], {})
})
