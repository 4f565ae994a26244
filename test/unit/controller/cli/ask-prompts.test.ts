import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askPrompts } from '../../../../controller/cli/ask-prompts.ts'

test('askPrompts() asks for secrets unseen, and twice until both are the same', async () => {
  const typed = ['one', 'two', 'same', 'same', 'shown']
  const asked: string[] = []
  const ask = (how: string) => async (question: string) => {
    asked.push(`${how} ${question}`)
    return typed.shift() ?? assert.fail('asked too often')
  }
  const said: string[] = []
  const answers = await askPrompts(
    [
      { key: 'p0.a', text: 'A: ', isPrivate: true, isConfirmed: true },
      { key: 'p0.b', text: 'B [x]: ', isPrivate: false, isConfirmed: false },
    ],
    { secret: ask('secret'), line: ask('line'), say: async (text) => void said.push(text) },
  )
  assert.deepEqual(answers, { 'p0.a': 'same', 'p0.b': 'shown' })
  assert.deepEqual(asked, [
    'secret A: ',
    'secret confirm A: ',
    'secret A: ',
    'secret confirm A: ',
    'line B [x]: ',
  ])
  assert.deepEqual(said, ['***** VALUES ENTERED DO NOT MATCH ****\n'])
})
