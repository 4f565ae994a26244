/** What a token is; operators are their own kind. */
export type TokenKind =
  | 'data'
  | 'variable_begin'
  | 'variable_end'
  | 'block_begin'
  | 'block_end'
  | 'name'
  | 'string'
  | 'integer'
  | 'float'
  | 'operator'
  | 'end'

/** A piece of a template. */
export interface Token {
  readonly kind: TokenKind
  /** As written; for `data`, after blanks were trimmed. */
  readonly text: string
  /** Where it begins in the text, in UTF-16 units. */
  readonly at: number
  readonly line: number
  readonly column: number
}

/** How Jinja names a token in its sentences. */
export function describeToken(token: Token): string {
  if (token.kind === 'name' || token.kind === 'operator') return token.text
  if (token.kind === 'variable_end') return 'end of print statement'
  if (token.kind === 'block_end') return 'end of statement block'
  if (token.kind === 'variable_begin') return 'begin of print statement'
  if (token.kind === 'block_begin') return 'begin of statement block'
  return token.kind === 'end' ? 'end of template' : token.kind
}
