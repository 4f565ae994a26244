import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Forks } from '../../../../controller/run/forks.ts'

test('Forks.take() gives out no more places than there are, first come, first served', async () => {
  const forks = new Forks(1)
  const first = await forks.take()
  const order: string[] = []
  const second = forks.take().then((hold) => (order.push('second'), hold))
  const third = forks.take().then((hold) => (order.push('third'), hold))
  assert.deepEqual(order, [])
  first.release()
  first.release()
  ;(await second).release()
  ;(await third).release()
  assert.deepEqual(order, ['second', 'third'])
})

test('ForkHold.whileWaiting() lends its place out', async () => {
  const forks = new Forks(1)
  const waiting = await forks.take()
  const gate: PromiseWithResolvers<void> = Promise.withResolvers()
  const waited = waiting.whileWaiting(() => gate.promise)
  const other = await forks.take()
  gate.resolve()
  let isBack = false
  const back = waited.then(() => (isBack = true))
  await Promise.resolve()
  assert.equal(isBack, false)
  other.release()
  await back
  assert.equal(isBack, true)
})
