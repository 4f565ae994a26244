import assert from 'node:assert/strict'
import { test } from 'node:test'
import { merge } from '../../../../controller/api/merge.ts'

test('merge() yields what every source has, each in its order', async () => {
  const seen: string[] = []
  for await (const word of merge([source('a', 3), source('b', 2), source('c', 0)])) seen.push(word)
  assert.deepEqual(seen.toSorted(), ['a1', 'a2', 'a3', 'b1', 'b2'])
  assert.deepEqual(
    seen.filter((word) => word.startsWith('a')),
    ['a1', 'a2', 'a3'],
  )
})

test('merge() does not wait for a silent source to yield what another has', async () => {
  const silent = Promise.withResolvers<void>()
  async function* quiet(): AsyncGenerator<string> {
    await silent.promise
    yield 'late'
  }
  const merged = merge([quiet(), source('a', 1)])
  assert.equal((await merged.next()).value, 'a1')
  silent.resolve()
  assert.equal((await merged.next()).value, 'late')
  assert.equal((await merged.next()).done, true)
})

test('merge() leaves all sources when one fails or the reader leaves', async () => {
  const left: string[] = []
  async function* counted(name: string): AsyncGenerator<string> {
    try {
      for (;;) yield name
    } finally {
      left.push(name)
    }
  }
  async function* failing(): AsyncGenerator<string> {
    yield 'once'
    throw new Error('no more')
  }
  await assert.rejects(async () => {
    for await (const _word of merge([counted('a'), failing()]));
  }, /no more/u)
  for await (const _word of merge([counted('b'), counted('c')])) break
  assert.deepEqual(left.toSorted(), ['a', 'b', 'c'])
})

async function* source(name: string, count: number): AsyncGenerator<string> {
  for (let n = 1; n <= count; n++) yield `${name}${n}`
}
