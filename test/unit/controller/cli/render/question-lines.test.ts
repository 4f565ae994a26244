import assert from 'node:assert/strict'
import { test } from 'node:test'
import { QuestionLines } from '../../../../../controller/cli/render/question-lines.ts'
import { Screen } from '../../../../../controller/cli/render/screen.ts'

const question = { kind: 'question', questionId: 'q', about: 'step', text: 'Run? ' } as const

for (const { name, text, isTyped, expected } of [
  { name: 'of who typed it', text: 'y', isTyped: true, expected: 'Run? \nRun? *****\n' },
  { name: 'of who watches', text: 'y', isTyped: false, expected: 'Run? y\n\nRun? *****\n' },
  { name: 'that never came', text: undefined, isTyped: true, expected: 'Run? ' },
]) {
  test(`show() shows a question and the answer ${name}`, () => {
    const screen = new Screen({ columns: 9, hasColour: false })
    const lines = new QuestionLines(screen, { isTyped: () => isTyped })
    lines.show(question)
    lines.show({ kind: 'answer', questionId: 'q', ...(text === undefined ? {} : { text }) })
    const printed = screen.take().map((one) => one.text)
    assert.equal(printed.join(''), expected)
  })
}
