import { isTrue } from '../python/compare.ts'
import type { Datum } from '../python/datum.ts'
import { parseLiteral } from '../python/literal.ts'
import { PythonError } from '../python/python-error.ts'
import type { Syntax } from './delimiters.ts'

const HEADER = '#jinja2:'

/** A template's text without its `#jinja2:` line, and the syntax that line asks for. */
export function readHeader(
  source: string,
  syntax: Syntax,
): { readonly text: string; readonly syntax: Syntax } {
  if (!source.startsWith(HEADER)) return { text: source, syntax }
  const end = source.indexOf('\n')
  const line = source.slice(HEADER.length, end < 0 ? -1 : end)
  let changed = syntax
  for (const pair of line.split(',')) {
    const colon = pair.indexOf(':')
    if (colon < 0) {
      throw new PythonError(
        'FilterError',
        `failed to parse jinja2 override '${pair.trim()}'. Did you use something different from colon as key-value separator?`,
      )
    }
    const value = parseLiteral(pair.slice(colon + 1).trim(), { hasJsonNames: false })
    if (value === undefined) {
      throw new PythonError('FilterError', `malformed value in jinja2 override '${pair.trim()}'`)
    }
    changed = { ...changed, ...override(pair.slice(0, colon).trim(), value) }
  }
  return { text: end < 0 ? source : source.slice(end + 1), syntax: changed }
}

function override(key: string, value: Datum): Partial<Syntax> {
  const text = typeof value === 'string' ? value : undefined
  if (key === 'trim_blocks') return { trimBlocks: isTrue(value) }
  if (key === 'lstrip_blocks') return { lstripBlocks: isTrue(value) }
  if (key === 'keep_trailing_newline') return { keepTrailingNewline: isTrue(value) }
  if (text === undefined) return {}
  if (key === 'newline_sequence') return { newlineSequence: text }
  if (key === 'variable_start_string') return { variableStart: text }
  if (key === 'variable_end_string') return { variableEnd: text }
  if (key === 'block_start_string') return { blockStart: text }
  if (key === 'block_end_string') return { blockEnd: text }
  if (key === 'comment_start_string') return { commentStart: text }
  if (key === 'comment_end_string') return { commentEnd: text }
  if (key === 'line_statement_prefix') return { lineStatementPrefix: text }
  return key === 'line_comment_prefix' ? { lineCommentPrefix: text } : {}
}
