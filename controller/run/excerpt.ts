import { readFileSync } from 'node:fs'
import type { Place } from '../yaml/place.ts'

/** The line at a place with the one before it and a mark below; undefined when the file cannot be read any more. */
export function excerpt({ file, line, column }: Place): string | undefined {
  const lines = linesOf(file)
  const here = lines?.[line - 1]
  if (!lines || here === undefined) return undefined
  const before = lines[line - 2] ?? ''
  return `${before}\n${here}\n${' '.repeat(Math.max(0, column - 1))}^ here${quoteHint(here)}`
}

function linesOf(file: string): readonly string[] | undefined {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch {
    return undefined // a command line, or a file that is gone
  }
}

/** A template in the line is often one that lacks quotes. */
function quoteHint(line: string): string {
  if (!line.includes('{{') || !line.includes('}}')) return ''
  return (
    '\nWe could be wrong, but this one looks like it might be an issue with\nmissing quotes. Always quote template ' +
    'expression brackets when they\nstart a value. For instance:\n\n    with_items:\n      - {{ foo }}\n\n' +
    'Should be written as:\n\n    with_items:\n      - "{{ foo }}"'
  )
}
