import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { RunRequest } from '../proto/run.ts'

/**
 * Whether a play of a request may have `vars_prompt`: false only where no playbook, nor one that it imports, has the word. Looks at
 * the text alone: to read playbooks in earnest takes the inventory, whose scripts would run once more than the run asks for.
 */
export function mayPrompt({ playbooks, cwd }: Pick<RunRequest, 'playbooks' | 'cwd'>): boolean {
  const looked = new Set<string>()
  const waiting = playbooks.map((file) => resolve(cwd, file))
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (looked.has(file)) continue
    looked.add(file)
    const imported = importsOf(file)
    if (!imported) return true
    waiting.push(...imported)
  }
  return false
}

/** The playbooks that a file imports; undefined when that is not so simple, or it has prompts. */
function importsOf(file: string): readonly string[] | undefined {
  const text = textOf(file)
  if (text === undefined || text.startsWith('$ANSIBLE_VAULT') || text.includes('vars_prompt')) {
    return undefined
  }
  const names = text
    .matchAll(/import_playbook(.*)$/gmu)
    .map(([, rest = '']) => /^\s*:\s*([\w./-]+)\s*$/u.exec(rest)?.[1])
    .toArray()
  return names.every((name) => name !== undefined)
    ? names.map((name) => resolve(dirname(file), name))
    : undefined
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined // what is wrong with it is told when it is read in earnest
  }
}
