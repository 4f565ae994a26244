import type { YAMLParseError } from 'yaml'

/** The sentence for a YAML syntax error: what the line looks like it was meant to be, else what is wrong. */
export function explainSyntax(error: YAMLParseError, line: string): string {
  return quoteHint(line) ?? trailingTextHint(line) ?? meaning(error)
}

/** `a: {{ x }}` is a mapping to YAML; says how to write what was meant. */
export function quoteHint(line: string): string | undefined {
  const found = /^\s*(?:- +)*(?:([^\s'"{}#][^'"{}#]*?):\s+)?(\{\{.*?)\s*(?: #.*)?$/u.exec(line)
  const [, key, value] = found ?? []
  if (value === undefined) return undefined
  const quoted = value.includes('"') ? `'${value.replaceAll("'", "''")}'` : `"${value}"`
  const fixed = key === undefined ? `- ${quoted}` : `${key}: ${quoted}`
  return `a value that starts with {{ must be quoted; quote it: ${fixed}`
}

function trailingTextHint(line: string): string | undefined {
  const found = /^\s*(?:- +)*[\w.-]+:\s+(["']).*\1\s*[^\s#,\]}]/u.exec(line)
  if (!found) return undefined
  return 'text after the closing quote: put the whole value in the other kind of quotes'
}

function meaning(error: YAMLParseError): string {
  const said = error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/u, '') ?? ''
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return 'a tab cannot indent here, use spaces'
    case 'BAD_INDENT':
      return 'wrong indentation: entries of one list or mapping must start in the same column'
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'a second ": " in one value: quote the value'
    case 'MULTILINE_IMPLICIT_KEY':
      return 'expected "key: value" on one line; is a ":" missing, or the indentation wrong'
    case 'BAD_SCALAR_START':
      return `a value cannot start with this character unless it is quoted (${lowerFirst(said)})`
    case 'MISSING_CHAR':
      return said.startsWith('Implicit map keys')
        ? 'expected "key: value", the ":" is missing'
        : lowerFirst(said)
    case 'MULTIPLE_DOCS':
      return 'one document is expected in this file, here starts another'
    default:
      return lowerFirst(said)
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
