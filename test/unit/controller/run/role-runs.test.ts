import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RoleUse } from '../../../../controller/playbook/playbook.ts'
import { RoleRuns } from '../../../../controller/run/role-runs.ts'

const use = (identity: string) => ({ identity }) as RoleUse

test('RoleRuns: a role counts as run where a task of it ran and the host came to its end', () => {
  const runs = new RoleRuns()
  runs.ran(use('r'), 'a')
  assert.equal(runs.isComplete(use('r'), 'a'), false)
  runs.complete(use('r'), 'a')
  runs.complete(use('r'), 'b') // every task was skipped there
  assert.equal(runs.isComplete(use('r'), 'a'), true)
  assert.equal(runs.isComplete(use('r'), 'b'), false)
  assert.equal(runs.isComplete(use('r x=1'), 'a'), false)
})
