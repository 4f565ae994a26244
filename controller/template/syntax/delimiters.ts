/** The marks of a template and how blanks around them are treated. */
export interface Syntax {
  readonly variableStart: string
  readonly variableEnd: string
  readonly blockStart: string
  readonly blockEnd: string
  readonly commentStart: string
  readonly commentEnd: string
  readonly lineStatementPrefix: string | undefined
  readonly lineCommentPrefix: string | undefined
  /** Drop the first newline after a block or a comment. */
  readonly trimBlocks: boolean
  /** Drop blanks before a block or a comment at the start of a line. */
  readonly lstripBlocks: boolean
  readonly keepTrailingNewline: boolean
  readonly newlineSequence: string
}

/** Ansible's marks: Jinja's own, with `trim_blocks` on. */
export const defaultSyntax: Syntax = {
  variableStart: '{{',
  variableEnd: '}}',
  blockStart: '{%',
  blockEnd: '%}',
  commentStart: '{#',
  commentEnd: '#}',
  lineStatementPrefix: undefined,
  lineCommentPrefix: undefined,
  trimBlocks: true,
  lstripBlocks: false,
  keepTrailingNewline: false,
  newlineSequence: '\n',
}
