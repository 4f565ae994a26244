import assert from 'node:assert/strict'
import { test } from 'node:test'
import { waitFor } from '../../support/wait-for.ts'

test('waitFor() returns what the condition returned once it holds', async () => {
  const answers = [undefined, false, null, 0]
  assert.equal(await waitFor('an answer', () => answers.shift()), 0)
})

test('waitFor() takes a condition that throws as one that does not hold yet', async () => {
  let looks = 0
  const seen = await waitFor('the third look', async () => {
    looks += 1
    if (looks < 3) throw new Error('not yet')
    return looks
  })
  assert.equal(seen, 3)
})

test('waitFor() fails with what it waited for and the last error', async () => {
  const never = waitFor(
    'the sun to rise',
    () => {
      throw new Error('dark')
    },
    { timeoutMs: 20, everyMs: 1 },
  )
  await assert.rejects(never, (error: Error) => {
    assert.equal(error.message, 'waited 20 ms for the sun to rise')
    assert.equal((error.cause as Error).message, 'dark')
    return true
  })
})
