import assert from 'node:assert/strict'
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Forgotten } from '../../../../agent/jobs/forgotten.ts'
import { tempDir } from '../temp-dir.ts'

const state = { kind: 'succeeded', startedAtMs: 1, endedAtMs: 2 } as const
const id = (number: number) => `j000000000000${number}.000000000000`

test('find() knows what was added, also after a restart and past a torn line', (t) => {
  const file = join(tempDir(t), 'forgotten')
  const first = new Forgotten({ file })
  first.add(id(1), state)
  assert.deepEqual(first.find(id(1)), state)
  assert.equal(first.find(id(2)), undefined)
  appendFileSync(file, `${id(2)} {"kind":"succ`)
  const second = new Forgotten({ file })
  assert.deepEqual(second.find(id(1)), state)
  assert.equal(second.find(id(2)), undefined)
})

test('add() lets the oldest go past the limit and keeps the file short', (t) => {
  const file = join(tempDir(t), 'forgotten')
  const forgotten = new Forgotten({ file, most: 2 })
  for (const number of [1, 2, 3, 4, 5]) forgotten.add(id(number), state)
  assert.equal(forgotten.find(id(3)), undefined)
  assert.deepEqual(forgotten.find(id(4)), state)
  assert.ok(readFileSync(file, 'utf8').trim().split('\n').length <= 4)
})

test('add() after a torn line loses neither', (t) => {
  const file = join(tempDir(t), 'forgotten')
  new Forgotten({ file }).add(id(1), state)
  appendFileSync(file, `${id(2)} {"kind":"succ`)
  new Forgotten({ file }).add(id(3), state)
  const third = new Forgotten({ file })
  assert.deepEqual([third.find(id(1)), third.find(id(3))], [state, state])
  assert.equal(third.find(id(2)), undefined, 'its folder is still there and tells')
})
