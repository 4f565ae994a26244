import { ErrandError } from '../../proto/errors.ts'
import type { Place } from './place.ts'

/** One thing that is wrong in a file. */
export interface Problem {
  readonly place: Place
  readonly message: string
  /** The file is right, but what it names is not there. */
  readonly isMissing?: boolean
}

/** Gathers what is wrong in the files of one load, so that all of it is told at once. */
export class Problems {
  readonly #found: Problem[] = []
  readonly #texts = new Map<string, string>()

  /** Remembers a file's text, for the line that is shown under a problem. */
  addText(file: string, text: string): void {
    this.#texts.set(file, text)
  }

  add(place: Place, message: string, options: { readonly isMissing?: boolean } = {}): void {
    const isKnown = this.#found.some(
      (one) => one.message === message && samePlace(one.place, place),
    )
    if (!isKnown) this.#found.push({ place, message, ...options })
  }

  /** @throws {ErrandError} with every problem, when there is any: `syntax`, or `not_found` when something is missing only. */
  throwIfAny(): void {
    if (this.#found.length === 0) return
    const parts = this.#sorted().map((one) => showProblem(one, this.#texts.get(one.place.file)))
    const isMissing = this.#found.every((one) => one.isMissing === true)
    throw new ErrandError(isMissing ? 'not_found' : 'syntax', parts.join('\n'))
  }

  /** File by file as they came up, from top to bottom in each. */
  #sorted(): readonly Problem[] {
    const files = [...new Set(this.#found.map((one) => one.place.file))]
    return files.flatMap((file) =>
      this.#found.filter((one) => one.place.file === file).toSorted(byPlace),
    )
  }
}

function byPlace(a: Problem, b: Problem): number {
  return a.place.line - b.place.line || a.place.column - b.place.column
}

function samePlace(a: Place, b: Place): boolean {
  return a.file === b.file && a.line === b.line && a.column === b.column
}

/** `file:line:col: what`, the line itself, and a caret under the column. */
function showProblem(problem: Problem, text: string | undefined): string {
  const { file, line, column } = problem.place
  const head = `${file}:${line}:${column}: ${problem.message}`
  const source = text?.split(/\r?\n/u)[line - 1]
  if (source === undefined || source.trim() === '') return head
  const indent = source.slice(0, column - 1).replace(/[^\t]/gu, ' ')
  return `${head}\n  ${source}\n  ${indent}^`
}
