import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The commands of errand that have a counterpart among Ansible's programs. */
export type Verb = 'run' | 'exec' | 'inventory'

/** A small playbook, or another command line, with the files it needs. */
export interface Case {
  readonly chapter: string
  readonly name: string
  readonly directory: string
  readonly verb: Verb
  /** What follows the verb: words as a shell reads them. */
  readonly words: string
}

/** What a program answered, normalised. */
export interface Answer {
  readonly stdout: string
  readonly stderr: string
  readonly exit: number
}

/** Where the cases lie: `<chapter>/<case>/`. */
export const CASES_DIRECTORY = join(import.meta.dirname, '../fixtures/conformance')

/** Reads the cases of a chapter, or of all; with `name` only those of that name. */
export async function loadCases(
  chosen: { readonly chapter?: string; readonly name?: string } = {},
): Promise<readonly Case[]> {
  const cases: Case[] = []
  for (const chapter of await foldersOf(CASES_DIRECTORY)) {
    if (chapter !== (chosen.chapter ?? chapter)) continue
    for (const name of await foldersOf(join(CASES_DIRECTORY, chapter))) {
      if (name === (chosen.name ?? name)) cases.push(await loadCase(chapter, name))
    }
  }
  return cases
}

async function foldersOf(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted()
}

async function loadCase(chapter: string, name: string): Promise<Case> {
  const directory = join(CASES_DIRECTORY, chapter, name)
  const command = await readIfThere(join(directory, 'command'))
  if (command !== undefined) {
    const [verb = '', ...words] = command.trim().split(' ')
    if (verb !== 'run' && verb !== 'exec' && verb !== 'inventory') {
      throw new Error(`${directory}/command: expected run, exec or inventory, got "${verb}"`)
    }
    return { chapter, name, directory, verb, words: words.join(' ') }
  }
  const args = (await readIfThere(join(directory, 'args')))?.trim() ?? ''
  const words = `playbook.yml -i inventory ${args}`.trim()
  return { chapter, name, directory, verb: 'run', words }
}

/** What the real one answered when the case was recorded; undefined when it never was. */
export async function readExpected(entry: Case): Promise<Answer | undefined> {
  const [stdout, stderr, exit] = await Promise.all(
    ['stdout', 'stderr', 'exit'].map((part) => readIfThere(expectedFile(entry, part))),
  )
  if (stdout === undefined || exit === undefined) return undefined
  return { stdout, stderr: stderr ?? '', exit: Number(exit) }
}

/** Writes what the real one answered into the case's folder. */
export async function writeExpected(entry: Case, answer: Answer): Promise<void> {
  await writeFile(expectedFile(entry, 'stdout'), answer.stdout)
  await writeFile(expectedFile(entry, 'stderr'), answer.stderr)
  await writeFile(expectedFile(entry, 'exit'), `${answer.exit}\n`)
}

function expectedFile(entry: Case, part: string): string {
  return join(entry.directory, `expected.${part}`)
}

async function readIfThere(path: string): Promise<string | undefined> {
  return existsSync(path) ? readFile(path, 'utf8') : undefined
}
