import type { PythonError } from '../python/python-error.ts'
import type { Syntax } from './delimiters.ts'
import { Lexer } from './lexer.ts'
import type { Statement, TemplateNode } from './nodes.ts'
import { parseTuple } from './parse-expression.ts'
import { parseStatement } from './parse-statement.ts'
import { TokenStream } from './token-stream.ts'

/** Reads a whole template. */
export function parseTemplate(source: string, syntax: Syntax): TemplateNode {
  const stream = new TokenStream(new Lexer(source, { syntax }).tokens())
  const parser = new TemplateParser(stream, syntax)
  return { body: parser.parse() }
}

/** Reads statements; the tags that end a part are the callers' to name. */
export class TemplateParser {
  readonly stream: TokenStream
  readonly #syntax: Syntax
  readonly #ends: (readonly string[])[] = []
  readonly #blocks = new Set<string>()

  constructor(stream: TokenStream, syntax: Syntax) {
    this.stream = stream
    this.#syntax = syntax
  }

  parse(): readonly Statement[] {
    return this.#statements()
  }

  /** Reads up to one of the tags `ends`, which is left as the next token. */
  body(ends: readonly string[]): readonly Statement[] {
    this.stream.skip('operator', ':')
    this.stream.expect('block_end')
    this.#ends.push(ends)
    const body = this.#statements()
    this.#ends.pop()
    if (this.stream.is('end')) throw this.#unfinished(ends)
    return body
  }

  /** Reads up to the tag `end` and takes it. */
  bodyThrough(end: string): readonly Statement[] {
    const body = this.body([end])
    this.stream.take()
    return body
  }

  /** Notes the name of a block, which may occur once. */
  noteBlock(name: string): void {
    if (this.#blocks.has(name)) throw this.stream.fail(`block '${name}' defined twice`)
    this.#blocks.add(name)
  }

  #statements(): readonly Statement[] {
    const { stream } = this
    const statements: Statement[] = []
    while (!stream.is('end')) {
      const place = stream.place()
      if (stream.is('data')) {
        const text = stream.take().text.replaceAll('\n', this.#syntax.newlineSequence)
        statements.push({ kind: 'text', place, text })
      } else if (stream.skip('variable_begin')) {
        statements.push({ kind: 'output', place: stream.place(), value: parseTuple(stream) })
        stream.expect('variable_end')
      } else {
        stream.expect('block_begin')
        if (stream.is('name') && this.#ends.at(-1)?.includes(stream.look().text) === true) break
        statements.push(...this.#statement())
        stream.expect('block_end')
      }
    }
    return statements
  }

  #statement(): readonly Statement[] {
    const token = this.stream.look()
    if (token.kind !== 'name') throw this.stream.fail('tag name expected')
    const statements = parseStatement(this)
    if (statements) return statements
    throw this.#unknownTag(token.text)
  }

  #unknownTag(name: string): PythonError {
    return this.stream.fail(`Encountered unknown tag '${name}'.${this.#expectation()}`)
  }

  #unfinished(ends: readonly string[]): PythonError {
    this.#ends.push(ends)
    return this.stream.fail(`Unexpected end of template.${this.#expectation()}`)
  }

  #expectation(): string {
    const ends = this.#ends.at(-1)
    if (!ends) return ''
    const wanted = ends.map((end) => `'${end}'`).join(' or ')
    const end = ends.find((one) => one.startsWith('end')) ?? ''
    return ` Jinja was looking for the following tags: ${wanted}. The innermost block that needs to be closed is '${end.slice(3)}'.`
  }
}
