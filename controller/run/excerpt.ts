import { readFileSync } from 'node:fs'
import type { Place } from '../yaml/place.ts'

/** A place as Ansible shows it: which line and column it names, and what it prints of the file. */
export interface Excerpt {
  readonly line: number
  readonly column: number
  readonly text: string
}

/**
 * The line at a place with the one before it and a mark below; undefined when the file cannot be read any more. Where the
 * line before has `k=v` in it, Ansible points there instead: whatever the fault, it takes that for a mixture of two ways
 * to write arguments.
 */
export function excerpt({ file, line, column }: Place): Excerpt | undefined {
  const lines = linesOf(file)
  const here = lines?.[line - 1]
  if (!lines || here === undefined) return undefined
  const before = (lines[line - 2] ?? '').trimEnd()
  const hint = quoteHint(here)
  if (shorthand.test(before)) {
    const at = before.indexOf('=')
    const text = `${before}\n${mark(at)}\n\n${shorthandHint}${hint}`
    return { line: line - 1, column: at + 1, text }
  }
  return { line, column, text: `${before}\n${here.trimEnd()}\n${mark(column - 1)}${hint}` }
}

const shorthand = /[\p{L}\p{N}_]\s*=\s*[\p{L}\p{N}_/-]/u

const shorthandHint =
  "There appears to be both 'k=v' shorthand syntax and YAML in this task. Only one syntax may be used."

function mark(column: number): string {
  return `${' '.repeat(Math.max(0, column))}^ here`
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
  if (line.includes('"{{') && line.includes("'{{")) return ''
  return (
    '\nWe could be wrong, but this one looks like it might be an issue with\nmissing quotes. Always quote template ' +
    'expression brackets when they\nstart a value. For instance:\n\n    with_items:\n      - {{ foo }}\n\n' +
    'Should be written as:\n\n    with_items:\n      - "{{ foo }}"'
  )
}
