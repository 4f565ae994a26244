import { stringifyJson } from '../proto/json-text.ts'
import type { RunRequest } from '../proto/run.ts'
import type { Prompt } from '../proto/settings.ts'
import { mayPrompt } from './may-prompt.ts'
import type { VarsPrompt } from './playbook/playbook.ts'
import { readingContext, type ReadingWorld } from './reading-run.ts'
import { loadLanguage } from './run/load-language.ts'
import { openPrompts } from './run/prompts.ts'

/**
 * What the plays of a request would ask the user, in their order.
 *
 * @throws {ErrandError} what is wrong with its files.
 */
export async function listPrompts(
  request: RunRequest,
  world: ReadingWorld,
): Promise<readonly Prompt[]> {
  if (!mayPrompt(request)) return []
  using context = readingContext(request, world)
  const language = await loadLanguage(context)
  return language.playbooks
    .flatMap(({ plays }) => plays)
    .flatMap((play) => openPrompts(language, play))
    .map(({ key, prompt }) => ({
      key,
      text: questionOf(prompt),
      isPrivate: prompt.isPrivate,
      isConfirmed: prompt.confirm,
    }))
}

function questionOf({ prompt, default: fallback }: VarsPrompt): string {
  return fallback === undefined || fallback === null
    ? `${prompt}: `
    : `${prompt} [${typeof fallback === 'object' ? stringifyJson(fallback) : String(fallback)}]: `
}
