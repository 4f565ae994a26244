/**
 * A YAML text whose quoted scalars and flow collections go on at least as far to the right as the standard asks. PyYAML
 * takes no notice of how lines inside of them are indented, and public playbooks make use of it; the parser here does.
 * Only spaces at the beginning of lines are added, so the number of each line stays.
 */
export function indentFlow(text: string): string {
  return new FlowIndenter(text.split('\n')).indented()
}

/** What stands open at the end of a line: brackets, and a quoted scalar within or without them. */
interface Open {
  depth: number
  quote: '"' | "'" | undefined
}

class FlowIndenter {
  readonly #lines: readonly string[]
  readonly #out: string[] = []
  #next = 0

  constructor(lines: readonly string[]) {
    this.#lines = lines
  }

  indented(): string {
    while (this.#next < this.#lines.length) this.#blockLine(this.#take())
    return this.#out.join('\n')
  }

  #take(): string {
    const line = this.#lines[this.#next] ?? ''
    this.#next += 1
    return line
  }

  #blockLine(line: string): void {
    this.#out.push(line)
    const { column, value } = startOfValue(line)
    if (/^[|>][-+\d]*\s*(?:\s#.*)?$/u.test(value)) return this.#blockScalar(column)
    if (!/^["'[{]/u.test(value)) return
    const open: Open = { depth: 0, quote: undefined }
    scan(value, open)
    while (isOpen(open) && this.#next < this.#lines.length) {
      const inner = this.#take()
      const indent = ' '.repeat(Math.max(0, column + 1 - indentOf(inner)))
      this.#out.push(inner.trim() === '' ? inner : indent + inner)
      scan(inner, open)
    }
  }

  /** The text of a block scalar is no YAML: it is left as it is. */
  #blockScalar(column: number): void {
    for (;;) {
      const line = this.#lines[this.#next]
      if (line === undefined || (line.trim() !== '' && indentOf(line) <= column)) return
      this.#out.push(this.#take())
    }
  }
}

function isOpen({ depth, quote }: Open): boolean {
  return depth > 0 || quote !== undefined
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}

/** The column of the innermost entry that begins on a line, and the value that begins there, without tag and anchor. */
function startOfValue(line: string): { readonly column: number; readonly value: string } {
  const dashes = /^(?:\s*[-?](?=\s))*\s*/u.exec(line)?.[0] ?? ''
  const rest = line.slice(dashes.length)
  const key = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#"'[{|>][^#]*?)\s*:(?=\s|$)\s*/u.exec(
    rest,
  )?.[0]
  const value = rest.slice(key?.length ?? 0).replace(/^(?:[!&]\S*\s+)+/u, '')
  const dash = dashes.search(/[-?]\s*$/u)
  return { column: key === undefined && dash >= 0 ? dash : dashes.length, value }
}

/** Goes through a piece of flow, or of a quoted scalar, up to its end or that of the line. */
function scan(text: string, open: Open): void {
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? ''
    if (open.quote !== undefined) {
      if (open.quote === '"' && character === '\\') at += 1
      else if (open.quote === "'" && character === "'" && text[at + 1] === "'") at += 1
      else if (character === open.quote) open.quote = undefined
    } else if (character === '#' && /\s|^$/u.test(text[at - 1] ?? '')) return
    else if ((character === '"' || character === "'") && !/\w/u.test(text[at - 1] ?? '')) {
      open.quote = character
    } else if (character === '[' || character === '{') open.depth += 1
    else if (character === ']' || character === '}') open.depth -= 1
    if (!isOpen(open)) return
  }
}
