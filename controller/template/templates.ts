import type { Value } from '../../proto/value.ts'
import { isList, isMap, isMoment, newMap } from '../../proto/value.ts'
import { CallContext, type World } from './call-context.ts'
import { Compiler, type Compiled } from './compiler.ts'
import { Frame } from './compile/frame.ts'
import { Output } from './compile/output.ts'
import { runProgram } from './compile/reuse.ts'
import { concludeClassic, concludeNative, concludeText } from './conclude.ts'
import { checkCondition } from './condition.ts'
import { type FilePort, noFiles } from './file-port.ts'
import { STRING_FILTERS } from './filters/string-filters.ts'
import { noPlugins, type PluginPort } from './plugin-port.ts'
import type { Datum } from './python/datum.ts'
import { dictKey } from './python/iterate.ts'
import { PythonError } from './python/python-error.ts'
import { Registry } from './registry.ts'
import { makeRender } from './render.ts'
import { type LookupPort, type Scope, Undefined } from './scope.ts'
import { type Syntax, defaultSyntax } from './syntax/delimiters.ts'
import { escapeBackslashes } from './syntax/escape-backslashes.ts'
import { readHeader } from './syntax/override-header.ts'
import { TemplateError, toTemplateError } from './template-error.ts'
import { toValue } from './to-value.ts'

export { dropOmitted, omitToken } from './omit.ts'
export { pythonRepr, toText } from './python/text.ts'
export { TemplateError } from './template-error.ts'

/** What the evaluator is made with. */
export interface TemplatesOptions {
  readonly lookups: LookupPort
  /** The clock, in milliseconds since the epoch. Default the real one. */
  readonly nowMs?: () => number
  /** The controller's files, for file tests and path filters. Default: there are none. */
  readonly files?: FilePort
  /** Filters and tests of others. Default: there are none. */
  readonly plugins?: PluginPort
  /** Told what deserves a look but is no error. Default nobody. */
  readonly warn?: (message: string) => void
  /** Ansible's `jinja2_native`: keep the type of every single expression. Default false, as in Ansible. */
  readonly isNative?: boolean
  /** How many compiled texts are kept. Default 5,000. */
  readonly cacheSize?: number
}

/** How one value is rendered. */
export interface RenderOptions {
  /** Finds the text of a template that another one names; nothing when there is none. Default: there are none. */
  readonly include?: (name: string) => string | undefined
  /** Render the keys of maps, too. Default false, as in Ansible; `set_fact` renders its own. */
  readonly hasTemplatedKeys?: boolean
  /** Leave tuples in what a template comes to, for another template to look at. Default false: they become lists. */
  readonly keepsTuples?: boolean
}

/** How a template file is rendered. */
export interface RenderFileOptions {
  /** Its name, for errors. */
  readonly name: string
  /** Default true. */
  readonly trimBlocks?: boolean
  /** Default false. */
  readonly lstripBlocks?: boolean
  /** Default a newline. */
  readonly newlineSequence?: string
  readonly variableStart?: string
  readonly variableEnd?: string
  readonly blockStart?: string
  readonly blockEnd?: string
  readonly commentStart?: string
  readonly commentEnd?: string
  /** Finds the text of a template that this one names; nothing when there is none. Default: there are none. */
  readonly include?: (name: string) => string | undefined
}

const noInclude = (): undefined => undefined

/**
 * The template language of playbooks: Jinja2 as Ansible uses it. It reaches its variables, its lookups and its
 * files through what it is given, and nothing else of the program.
 *
 * By default the results are those of Ansible 2.14 as it comes: `{{ x }}` keeps whatever x is; of any other
 * template the result is text, which turns into a list, a map or a boolean when it reads like one
 * (`{{ 1 + 1 }}` is `'2'`, `{{ [1] + [2] }}` is `[1, 2]`). `isNative` keeps numbers, too.
 */
export class Templates {
  readonly #world: World
  readonly #compiler: Compiler
  readonly #isNative: boolean

  constructor(options: TemplatesOptions) {
    const { lookups, nowMs = Date.now, files = noFiles, warn = () => {} } = options
    const { isNative = false, cacheSize = 5000, plugins = noPlugins } = options
    const registry = new Registry(plugins)
    this.#world = { registry, lookups, files, nowMs, warn }
    this.#compiler = new Compiler(cacheSize, registry)
    this.#isNative = isNative
  }

  /** There may be other plugins now: names that meant nothing are looked for again. */
  forgetPlugins(): void {
    this.#world.registry.forget()
    this.#compiler.forgetFaults()
  }

  /** Whether a text has template marks that belong together. */
  isTemplate(text: string): boolean {
    return hasMarks(text, defaultSyntax) && this.#compiler.isTemplate(text)
  }

  /**
   * The value with every template in it rendered, lists and maps through and through.
   *
   * @throws {TemplateError} An ErrandError `invalid`.
   */
  render(source: Value, scope: Scope, options: RenderOptions = {}): Value {
    if (typeof source === 'string') return this.#renderText(source, scope, options)
    if (isList(source)) {
      const items = source.map((item) => this.render(item, scope, options))
      return items.every((item, place) => item === source[place]) ? source : items
    }
    if (!isMap(source)) return source
    const map = newMap()
    for (const [key, item] of source) {
      const isTemplate = options.hasTemplatedKeys === true && typeof key === 'string'
      const name = isTemplate ? this.#renderText(key, scope, options) : key
      map.set(dictKey(name), this.render(item, scope, options))
    }
    return map
  }

  /**
   * The value of a bare expression, with its type.
   *
   * @throws {TemplateError} An ErrandError `invalid`.
   */
  evaluate(expression: string, scope: Scope): Value | Undefined {
    return guarded({ source: expression }, () => {
      const compiled = this.#compiler.expression(expression)
      const value = compiled.evaluate(this.#frame(compiled, scope))
      return value instanceof Undefined ? value : toValue(value)
    })
  }

  /**
   * Whether a condition holds: a boolean, a bare expression, or a list of which all must hold.
   *
   * @throws {TemplateError} An ErrandError `invalid`, with Ansible's words.
   */
  test(condition: Value, scope: Scope): boolean {
    return checkCondition(condition, {
      isTemplate: (text) => this.isTemplate(text),
      render: (text) => this.#renderText(text, scope, {}),
      expression: (text) => this.#compiler.condition(text),
      frame: (compiled) => this.#frame(compiled, scope),
      isUnsafe: (text) => this.#isUnsafe(text, scope),
      warn: this.#world.warn,
    })
  }

  /**
   * The text of a template file.
   *
   * @throws {TemplateError} An ErrandError `invalid` that names the file, the line and the column.
   */
  renderFile(text: string, scope: Scope, options: RenderFileOptions): string {
    return guarded({ source: text, name: options.name }, () => {
      const { output, header } = this.#runFile(text, scope, { ...options, conclude: concludeText })
      return withNewlines(output.join(), text, header.syntax.newlineSequence)
    })
  }

  /** What a template file comes to where it is read as a template of a playbook is: text, or the data that it spells. */
  renderFileAsData(text: string, scope: Scope, options: RenderFileOptions): Value {
    return guarded({ source: text, name: options.name }, () => {
      const conclude = concludeClassic
      const { output, header } = this.#runFile(text, scope, { ...options, conclude })
      const value = toValue(conclude(output), {})
      if (typeof value !== 'string') return value
      return withNewlines(value, text, header.syntax.newlineSequence)
    })
  }

  #runFile(text: string, scope: Scope, options: RenderFileOptions & Pick<RunParts, 'conclude'>) {
    const header = readHeader(text, fileSyntax(options))
    const compiled = this.#compiler.template(header.text, header.syntax)
    const { include = noInclude, conclude } = options
    const output = this.#run(compiled, scope, { syntax: header.syntax, include, conclude })
    return { output, header }
  }

  /**
   * Whether the text that `source` renders to is to stay text, because the last thing in it is `to_json` or its
   * like. What a scope answers to `isText` for a variable with that source.
   */
  yieldsText(source: Value, scope: Scope): boolean {
    if (typeof source !== 'string' || !hasMarks(source, defaultSyntax)) return false
    return this.#compiler.yieldsText(
      source,
      (name) => scope.isText?.(name) ?? false,
      STRING_FILTERS,
    )
  }

  #renderText(source: string, scope: Scope, options: RenderOptions): Value {
    if (!hasMarks(source, defaultSyntax)) return source
    const kept = this.#keptVariable(source, scope)
    if (kept !== undefined) return kept
    return guarded({ source, isEscaped: true }, () => {
      const header = readHeader(source, defaultSyntax)
      const compiled = this.#compiler.playbookText(header.text, header.syntax)
      const conclude = this.#isNative ? concludeNative : concludeClassic
      const parts = { syntax: header.syntax, include: options.include ?? noInclude, conclude }
      const value = conclude(this.#run(compiled, scope, parts))
      const result = toValue(value, options)
      return typeof result === 'string'
        ? withNewlines(result, source, header.syntax.newlineSequence)
        : result
    })
  }

  /** A number, a boolean or None (no date) that is the whole of a template keeps its type. */
  #keptVariable(source: string, scope: Scope): Value | undefined {
    const name = /^\{\{\s*(\w*)\s*\}\}\n?$/u.exec(source)?.[1]
    if (name === undefined || name === '') return undefined
    try {
      const value = scope.resolve(name)
      const isKept =
        typeof value !== 'string' && !isList(value) && !isMap(value) && !isMoment(value)
      return isKept && !(value instanceof Undefined) ? value : undefined
    } catch (error) {
      if (error instanceof TemplateError && error.kind === 'UndefinedError') return undefined
      throw error
    }
  }

  #isUnsafe(source: string, scope: Scope): boolean {
    const names = this.#compiler.namesIn(source)
    return names.some((name) => scope.isUnsafe?.(name) ?? true)
  }

  #frame(compiled: { readonly changesValues: boolean }, scope: Scope): Frame {
    const context = new CallContext(this.#world, scope)
    const load = (name: string): never => missing(name)
    const parts = { context, load, hasTemplate: () => false, conclude: concludeText, isText: true }
    return new Frame(makeRender(parts, compiled.changesValues))
  }

  #run(compiled: Compiled, scope: Scope, { syntax, include, conclude }: RunParts): Output {
    const context = new CallContext(this.#world, scope)
    const load = (name: string): Compiled['program'] => {
      const text = include(name)
      return text === undefined ? missing(name) : this.#compiler.template(text, syntax).program
    }
    const hasTemplate = (name: string): boolean => include(name) !== undefined
    const render = makeRender(
      { context, load, hasTemplate, conclude, isText: conclude === concludeText },
      compiled.changesValues,
    )
    const output = new Output(render)
    runProgram(compiled.program, new Frame(render, undefined, new Map()), output)
    return output
  }
}

interface RunParts {
  readonly syntax: Syntax
  readonly include: (name: string) => string | undefined
  readonly conclude: (output: Output) => Datum
}

function missing(name: string): never {
  throw new PythonError('TemplateNotFound', name)
}

interface GuardedPlace {
  readonly source: string
  readonly name?: string
  /** Of a playbook's text Ansible shows what it evaluates: each backslash twice. */
  readonly isEscaped?: boolean
}

function guarded<T>(given: GuardedPlace, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const place = given.isEscaped === true ? { ...given, source: escaped(given.source) } : given
    if (error instanceof PythonError) throw toTemplateError(error, place)
    if (error instanceof RangeError && error.message.includes('call stack')) {
      const deep = new PythonError('LimitError', 'the template is nested too deeply')
      throw toTemplateError(deep, place)
    }
    throw error
  }
}

function escaped(source: string): string {
  try {
    return escapeBackslashes(source, defaultSyntax)
  } catch (error) {
    if (error instanceof PythonError) return source
    throw error
  }
}

function hasMarks(text: string, syntax: Syntax): boolean {
  return (
    text.includes(syntax.blockStart) ||
    text.includes(syntax.variableStart) ||
    text.includes(syntax.commentStart)
  )
}

function fileSyntax(options: RenderFileOptions): Syntax {
  const { trimBlocks = true, lstripBlocks = false, newlineSequence = '\n' } = options
  return {
    ...defaultSyntax,
    trimBlocks,
    lstripBlocks,
    newlineSequence,
    variableStart: options.variableStart ?? defaultSyntax.variableStart,
    variableEnd: options.variableEnd ?? defaultSyntax.variableEnd,
    blockStart: options.blockStart ?? defaultSyntax.blockStart,
    blockEnd: options.blockEnd ?? defaultSyntax.blockEnd,
    commentStart: options.commentStart ?? defaultSyntax.commentStart,
    commentEnd: options.commentEnd ?? defaultSyntax.commentEnd,
  }
}

/** Gives back the newlines at the end of `source` that rendering dropped. */
function withNewlines(result: string, source: string, newline: string): string {
  const missingCount = trailingNewlines(source) - trailingNewlines(result)
  return missingCount > 0 ? result + newline.repeat(missingCount) : result
}

function trailingNewlines(text: string): number {
  return text.length - text.replace(/\n+$/u, '').length
}
