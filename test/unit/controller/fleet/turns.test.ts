import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Turns } from '../../../../controller/fleet/turns.ts'

void test('take() lets work on the same name wait for what was asked for before, even when that fails', async () => {
  const turns = new Turns()
  const done: string[] = []
  const first = Promise.withResolvers<void>()
  const works = [
    turns.take('web1', async () => {
      await first.promise
      done.push('first')
      throw new Error('no')
    }),
    turns.take('web1', async () => {
      done.push('second')
    }),
    turns.take('web2', async () => {
      done.push('other host')
    }),
  ]
  await works[2]
  first.resolve()
  await assert.rejects(works[0] ?? Promise.resolve(), /no/u)
  await works[1]
  assert.deepEqual(done, ['other host', 'first', 'second'])
})
