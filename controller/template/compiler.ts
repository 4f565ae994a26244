import type { Evaluate, Program } from './compile/frame.ts'
import { compileExpression, locate } from './compile/expressions.ts'
import { compileTemplate } from './compile/statements.ts'
import { MUTATING_METHODS } from './python/methods.ts'
import { PythonError } from './python/python-error.ts'
import { type Syntax, defaultSyntax } from './syntax/delimiters.ts'
import { escapeBackslashes } from './syntax/escape-backslashes.ts'
import { namesOf } from './syntax/names-of.ts'
import { Lexer } from './syntax/lexer.ts'
import type { Expression, Place, Statement } from './syntax/nodes.ts'
import { parseTemplate } from './syntax/parse-template.ts'

/** A compiled template. */
export interface Compiled {
  readonly program: Program
  readonly body: readonly Statement[]
  /** Whether it changes lists or maps in place, or may through another template. */
  readonly changesValues: boolean
}

/** A compiled expression. */
export interface CompiledExpression {
  readonly evaluate: Evaluate
  readonly changesValues: boolean
}

type Entry = Compiled | CompiledExpression | PythonError | boolean

const CHANGES = new RegExp(
  `\\b(?:${[...MUTATING_METHODS].join('|')}|include|import|extends)\\b`,
  'u',
)

/** Tells a filter or test that there is from one that there is not, by throwing. */
export interface KnownNames {
  filter(name: string): unknown
  test(name: string): unknown
}

/** The template that Ansible makes of a condition: its mistakes are told in terms of it. */
export function conditionTemplate(text: string): string {
  return `{% if ${text} %} True {% else %} False {% endif %}`
}

/** Compiles each text once, and forgets the ones least recently used. */
export class Compiler {
  readonly #cache = new Map<string, Entry>()
  readonly #size: number
  readonly #names: KnownNames
  readonly #syntaxNames = new WeakMap<Syntax, string>()

  constructor(size: number, names: KnownNames) {
    this.#size = size
    this.#names = names
  }

  /** A template file. */
  template(text: string, syntax: Syntax): Compiled {
    const key = `t${this.#syntaxName(syntax)}\u0000${text}`
    return this.#once(key, () => this.#compile(text, syntax)) as Compiled
  }

  /** A text of a playbook, where a backslash between `{{` and `}}` is just that. */
  playbookText(text: string, syntax: Syntax): Compiled {
    const key = `p${this.#syntaxName(syntax)}\u0000${text}`
    return this.#once(key, () => this.#compile(escapeBackslashes(text, syntax), syntax)) as Compiled
  }

  /** A bare expression, as between `{{` and `}}`. */
  expression(text: string): CompiledExpression {
    return this.#once(`e${text}`, () => {
      const { body } = this.#compile(
        escapeBackslashes(`{{ ${text} }}`, defaultSyntax),
        defaultSyntax,
      )
      const [only] = body
      if (only?.kind !== 'output' || body.length !== 1) {
        throw new PythonError('TemplateSyntaxError', 'expected one expression')
      }
      return { evaluate: compileExpression(only.value), changesValues: CHANGES.test(text) }
    }) as CompiledExpression
  }

  /** A condition. */
  condition(text: string): CompiledExpression {
    return this.#once(`c${text}`, () => {
      const { body } = this.#compile(conditionTemplate(text), defaultSyntax)
      const [only] = body
      const [branch] = only?.kind === 'if' ? only.branches : []
      if (!branch || body.length > 1 || only?.kind !== 'if' || only.branches.length > 1) {
        throw new PythonError('FilterError', `unable to evaluate conditional: ${text}`)
      }
      return { evaluate: compileExpression(branch[0]), changesValues: CHANGES.test(text) }
    }) as CompiledExpression
  }

  /** Whether the first mark of a text has its end. */
  isTemplate(text: string): boolean {
    return this.#once(`i${text}`, () => hasWholeTag(text)) as boolean
  }

  /** The names that a text of a playbook reads. */
  namesIn(text: string): readonly string[] {
    return namesOf(this.playbookText(text, defaultSyntax).body)
  }

  /** Whether a text of a playbook is one expression that ends in one of `filters`. */
  yieldsText(
    text: string,
    isText: (name: string) => boolean,
    filters: ReadonlySet<string>,
  ): boolean {
    try {
      const [only, ...rest] = this.playbookText(text, defaultSyntax).body
      return only?.kind === 'output' && rest.length === 0 && endsInText(only.value, isText, filters)
    } catch {
      // what cannot be compiled yields nothing; rendering it says why
      return false
    }
  }

  /** What could not be compiled is tried again. */
  forgetFaults(): void {
    for (const [key, entry] of this.#cache)
      if (entry instanceof PythonError) this.#cache.delete(key)
  }

  #compile(text: string, syntax: Syntax): Compiled {
    const { body } = parseTemplate(text, syntax)
    checkNames(body, this.#names)
    return { program: compileTemplate(body), body, changesValues: CHANGES.test(text) }
  }

  #syntaxName(syntax: Syntax): string {
    const known = this.#syntaxNames.get(syntax) ?? JSON.stringify(Object.values(syntax))
    this.#syntaxNames.set(syntax, known)
    return known
  }

  #once(key: string, make: () => Exclude<Entry, PythonError>): Exclude<Entry, PythonError> {
    let entry = this.#cache.get(key)
    if (entry === undefined) {
      entry = attempt(make)
      if (this.#cache.size >= this.#size) this.#forgetOldest()
    } else this.#cache.delete(key)
    this.#cache.set(key, entry)
    if (entry instanceof PythonError) throw entry
    return entry
  }

  #forgetOldest(): void {
    const [oldest] = this.#cache.keys()
    if (oldest !== undefined) this.#cache.delete(oldest)
  }
}

function attempt(make: () => Exclude<Entry, PythonError>): Entry {
  try {
    return make()
  } catch (error) {
    if (error instanceof PythonError) return error
    throw error
  }
}

/** Fails for a filter or test that there is not, even where it would not be used. */
function checkNames(part: unknown, names: KnownNames): void {
  if (Array.isArray(part)) for (const one of part) checkNames(one, names)
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return
  if ('kind' in part && 'name' in part && 'place' in part) {
    try {
      if (part.kind === 'filter') names.filter(String(part.name))
      if (part.kind === 'test') names.test(String(part.name))
    } catch (error) {
      throw locate(error, part.place as Place)
    }
  }
  for (const one of Object.values(part)) checkNames(one, names)
}

function hasWholeTag(text: string): boolean {
  try {
    let open: string | undefined
    for (const { kind } of new Lexer(text, { syntax: defaultSyntax }).tokens()) {
      if (kind === 'variable_begin' || kind === 'block_begin') open = kind
      if (kind === 'variable_end' || kind === 'block_end')
        return open?.slice(0, 3) === kind.slice(0, 3)
    }
    return /\{#[\s\S]*?#\}/u.test(text) || /\{%[-+]?\s*raw\s*-?%\}/u.test(text)
  } catch (error) {
    if (error instanceof PythonError) return false
    throw error
  }
}

function endsInText(
  node: Expression,
  isText: (name: string) => boolean,
  filters: ReadonlySet<string>,
): boolean {
  if (node.kind === 'name') return isText(node.name)
  if (node.kind !== 'filter') return false
  if (node.name === 'default' || node.name === 'd') return endsInText(node.of, isText, filters)
  return filters.has(node.name)
}
