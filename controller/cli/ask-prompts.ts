import type { Prompt } from '../../proto/settings.ts'

/** How the user is asked. */
export interface Asking {
  /** For an answer that is not shown. */
  readonly secret: (question: string) => Promise<string>
  readonly line: (question: string) => Promise<string>
  readonly say: (text: string) => Promise<void>
}

/** Asks all questions of vars_prompt; what is to be confirmed until it was answered twice the same. */
export async function askPrompts(
  prompts: readonly Prompt[],
  asking: Asking,
): Promise<Readonly<Record<string, string>>> {
  const answers: Record<string, string> = {}
  for (const prompt of prompts) answers[prompt.key] = await answer(prompt, asking)
  return answers
}

async function answer({ text, isPrivate, isConfirmed }: Prompt, asking: Asking): Promise<string> {
  const ask = isPrivate ? asking.secret : asking.line
  for (;;) {
    const first = await ask(text)
    if (!isConfirmed || (await ask(`confirm ${text}`)) === first) return first
    await asking.say('***** VALUES ENTERED DO NOT MATCH ****\n')
  }
}
