import type { Answer } from './case.ts'

/** In what an answer differs from the real one's; empty when it is equal. */
export function differences(expected: Answer, got: Answer): readonly string[] {
  const found: string[] = []
  if (got.exit !== expected.exit)
    found.push(`exit code: expected ${expected.exit}, got ${got.exit}`)
  if (got.stdout !== expected.stdout) {
    found.push(lineDifference(expected.stdout.split('\n'), got.stdout.split('\n')))
  }
  const missing = missingSentences(expected, got)
  if (missing !== undefined) found.push(missing)
  return found
}

/**
 * Errors are told in errand's own words, which must be there and name what the real one names: the words it puts
 * between quotation marks in its first sentence.
 */
function missingSentences(expected: Answer, got: Answer): string | undefined {
  const sentence = /ERROR! ([^]*?)(\n\n|$)/.exec(expected.stderr)?.[1]
  if (sentence === undefined) return undefined
  if (got.stderr.trim() === '') return `stderr: expected an error like "${sentence}", got nothing`
  const named = [...sentence.matchAll(/'([\w.]+)'/g)].map((match) => match[1] ?? '')
  const lost = named.filter((word) => !got.stderr.includes(word) && !word.startsWith('ansible.'))
  if (lost.length === 0) return undefined
  return `stderr: expected ${lost.join(', ')} to be named, got "${got.stderr.trim()}"`
}

/** The lines that only one side has, by the longest common subsequence, with one line around them. */
function lineDifference(expected: readonly string[], got: readonly string[]): string {
  const marked = mark(expected, got)
  const shown = marked.filter((_, index) =>
    marked.slice(Math.max(0, index - 1), index + 2).some(([sign]) => sign !== ' '),
  )
  return shown.map(([sign, line]) => `${sign} ${line}`).join('\n')
}

type Marked = readonly [sign: ' ' | '-' | '+', line: string]

function mark(expected: readonly string[], got: readonly string[]): readonly Marked[] {
  const common = commonLengths(expected, got)
  const marked: Marked[] = []
  let row = 0
  let column = 0
  while (row < expected.length || column < got.length) {
    const left = expected[row]
    const right = got[column]
    if (left !== undefined && left === right) {
      marked.push([' ', left])
      row += 1
      column += 1
    } else if (
      left !== undefined &&
      (right === undefined || at(common, row + 1, column) >= at(common, row, column + 1))
    ) {
      marked.push(['-', left])
      row += 1
    } else {
      marked.push(['+', right ?? ''])
      column += 1
    }
  }
  return marked
}

function commonLengths(
  expected: readonly string[],
  got: readonly string[],
): readonly (readonly number[])[] {
  const lengths: number[][] = Array.from({ length: expected.length + 1 }, () =>
    Array.from({ length: got.length + 1 }, () => 0),
  )
  for (let row = expected.length - 1; row >= 0; row--) {
    for (let column = got.length - 1; column >= 0; column--) {
      const longest =
        expected[row] === got[column]
          ? at(lengths, row + 1, column + 1) + 1
          : Math.max(at(lengths, row + 1, column), at(lengths, row, column + 1))
      lengths[row]?.splice(column, 1, longest)
    }
  }
  return lengths
}

function at(table: readonly (readonly number[])[], row: number, column: number): number {
  return table[row]?.[column] ?? 0
}
