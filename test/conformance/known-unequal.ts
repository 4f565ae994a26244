import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CASES_DIRECTORY } from './case.ts'

/** The cases that are known to differ, each with its reason: `chapter/case: reason` a line, `#` for a remark. */
export async function readKnownUnequal(): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(join(CASES_DIRECTORY, 'known-unequal.txt'), 'utf8')
  const known = new Map<string, string>()
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const [, name, reason] = /^([^:]+\/[^:]+): (.+)$/.exec(line) ?? []
    if (name === undefined || reason === undefined) {
      throw new Error(
        `known-unequal.txt:${index + 1}: expected "chapter/case: reason", got "${line}"`,
      )
    }
    known.set(name, reason)
  }
  return known
}
