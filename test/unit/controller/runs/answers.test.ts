import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Answers } from '../../../../controller/runs/answers.ts'

test('give() answers an open question once, and refuses one that nobody asks', async () => {
  const answers = new Answers()
  using open = answers.open('q')
  answers.give('q', { text: 'yes' })
  assert.throws(() => answers.give('q', { text: 'no' }), { code: 'conflict' })
  assert.throws(() => answers.give('other', {}), { code: 'conflict' })
  assert.deepEqual(await open.answer(new AbortController().signal), { text: 'yes' })
})

test('answer() rejects with the reason of an abort, and nobody asks any more', async () => {
  const answers = new Answers()
  {
    using open = answers.open('q')
    await assert.rejects(open.answer(AbortSignal.abort(new Error('stopped'))), /stopped/u)
  }
  assert.throws(() => answers.give('q', {}), { code: 'conflict' })
})
