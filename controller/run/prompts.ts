import { newMap, type MutableMap, type Value } from '../../proto/value.ts'
import type { Play, VarsPrompt } from '../playbook/playbook.ts'
import { textOf } from '../modules/arguments.ts'
import { templateForText } from '../yaml/as-data.ts'
import type { Language } from './language.ts'
import type { RunContext } from './run-context.ts'

/** A question of a play that the command line did not answer with -e. */
export interface OpenPrompt {
  /** What the answer is kept under. */
  readonly key: string
  readonly prompt: VarsPrompt
}

/** What is to be asked of the user before a play. */
export function openPrompts(language: Language, play: Play): readonly OpenPrompt[] {
  return play.varsPrompt
    .filter(({ name }) => !language.isExtraVar(name))
    .map((prompt) => ({ key: `${play.id}.${prompt.name}`, prompt }))
}

/** Gives the play what the user answered, else the defaults. */
export async function takeAnswers(context: RunContext, play: Play): Promise<void> {
  const { language, request, emitter } = context
  const answers = newMap()
  for (const { key, prompt } of openPrompts(language, play)) {
    const answer = request.promptAnswers?.[key]
    if (answer === undefined) {
      const text = 'Not prompting as we are not in interactive mode'
      await emitter.emit({ kind: 'message', level: 'warning', text })
    }
    take(answers, prompt, { answer, language })
  }
  language.answerPrompts(play, answers)
}

function take(
  answers: MutableMap,
  prompt: VarsPrompt,
  { answer, language }: { readonly answer: string | undefined; readonly language: Language },
): void {
  const value: Value =
    answer === undefined || answer === '' ? (prompt.default ?? answer ?? 'None') : answer
  const text = prompt.encrypt === undefined ? value : language.encrypt(textOf(value), prompt)
  answers.set(prompt.name, prompt.isUnsafe ? templateForText(textOf(text)) : text)
}
