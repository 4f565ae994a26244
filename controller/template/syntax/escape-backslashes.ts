import type { Syntax } from './delimiters.ts'
import { Lexer } from './lexer.ts'

/**
 * Doubles the backslashes in texts between `{{` and `}}`, so that `'\1'` in a playbook means a backslash and a one,
 * as Ansible does for playbooks (not for template files).
 */
export function escapeBackslashes(source: string, syntax: Syntax): string {
  if (!source.includes('\\') || !source.includes('{{')) return source
  const lexer = new Lexer(source, { syntax: { ...syntax, keepTrailingNewline: true } })
  let isInVariable = false
  let text = ''
  let done = 0
  for (const token of lexer.tokens()) {
    if (token.kind === 'variable_begin') isInVariable = true
    else if (token.kind === 'variable_end') isInVariable = false
    else if (token.kind === 'string' && isInVariable) {
      text += lexer.source.slice(done, token.at) + token.text.replaceAll('\\', '\\\\')
      done = token.at + token.text.length
    }
  }
  return text + lexer.source.slice(done)
}
