import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstOf } from '../../../../controller/run/race.ts'

function never(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener(
      'abort',
      () => {
        reject(new Error('stopped'))
      },
      { once: true },
    )
  })
}

test('firstOf() gives the winner and stops the other', async () => {
  let stopped: AbortSignal | undefined
  const first = await firstOf(
    {
      one: () => Promise.resolve(7),
      other: (signal) => {
        stopped = signal
        return never(signal)
      },
    },
    new AbortController().signal,
  )
  assert.deepEqual(first, { winner: 'one', value: 7 })
  assert.equal(stopped?.aborted, true)
})

test('firstOf() rejects when a wait fails at once, and leaves none behind', async () => {
  const fail = () => {
    throw new Error('no wait')
  }
  await assert.rejects(
    firstOf({ one: never, other: fail }, new AbortController().signal),
    /no wait/u,
  )
})
