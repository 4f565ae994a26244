import type { CallContext } from './call-context.ts'
import { filterTables } from './filters/tables.ts'
import { noPlugins, type PluginKind, type PluginPort } from './plugin-port.ts'
import { askPlugin, pluginFilter } from './plugins.ts'
import type { Arguments, Datum } from './python/datum.ts'
import { PythonError, typeError } from './python/python-error.ts'
import { testTables } from './tests/tables.ts'

/** What a filter or a test does: its value, its arguments in the order of its parameters, and the world. */
export type Run<R> = (input: Datum, args: readonly (Datum | undefined)[], context: CallContext) => R

/** A filter or a test. */
export interface Definition<R> {
  /** Names of the parameters after the value; `rest` takes all arguments as they came. */
  readonly parameters: readonly string[] | 'rest'
  /** Takes what is undefined without failing; else the value and every argument must be defined. */
  readonly isLazy: boolean
  readonly run: Run<R>
  readonly runRest: ((input: Datum, args: Arguments, context: CallContext) => R) | undefined
}

/** A table of filters or tests by name. */
export type Table<R> = Readonly<Record<string, Definition<R>>>

/** All filters and tests, found by short or full name: those of the user's plugins, the ones built in here, other plugins. */
export class Registry {
  readonly #plugins: PluginPort
  readonly #filters: Known<Datum>
  readonly #tests: Known<boolean>

  constructor(plugins: PluginPort = noPlugins) {
    this.#plugins = plugins
    this.#filters = new Known('filter', collect(filterTables), pluginFilter)
    this.#tests = new Known('test', collect(testTables), askPlugin)
  }

  /** The filter `name`. */
  filter(name: string): Definition<Datum> {
    return this.#filters.find(name, this.#plugins)
  }

  /** The test `name`. */
  test(name: string): Definition<boolean> {
    return this.#tests.find(name, this.#plugins)
  }

  hasFilter(name: string): boolean {
    return this.#filters.has(name, this.#plugins)
  }

  hasTest(name: string): boolean {
    return this.#tests.has(name, this.#plugins)
  }

  /** There may be other plugins now. */
  forget(): void {
    this.#filters.forget()
    this.#tests.forget()
  }
}

/** Filters or tests. */
class Known<R> {
  readonly #kind: PluginKind
  readonly #own: ReadonlyMap<string, Definition<R>>
  readonly #pluginOf: (name: string, plugins: PluginPort) => Definition<R>
  readonly #found = new Map<string, Definition<R>>()

  constructor(
    kind: PluginKind,
    own: ReadonlyMap<string, Definition<R>>,
    pluginOf: (name: string, plugins: PluginPort) => Definition<R>,
  ) {
    this.#kind = kind
    this.#own = own
    this.#pluginOf = pluginOf
  }

  find(name: string, plugins: PluginPort): Definition<R> {
    const known = this.#found.get(name)
    if (known) return known
    const definition = this.#look(name, plugins) ?? this.#otherPlugin(name, plugins)
    this.#found.set(name, definition)
    return definition
  }

  has(name: string, plugins: PluginPort): boolean {
    return (
      this.#found.has(name) ||
      this.#look(name, plugins) !== undefined ||
      plugins.missing(this.#kind, name) === undefined
    )
  }

  forget(): void {
    this.#found.clear()
  }

  #look(name: string, plugins: PluginPort): Definition<R> | undefined {
    return plugins.overrides(this.#kind, name)
      ? this.#pluginOf(name, plugins)
      : this.#own.get(shortName(name))
  }

  #otherPlugin(name: string, plugins: PluginPort): Definition<R> {
    const missing = plugins.missing(this.#kind, name)
    if (missing === undefined) return this.#pluginOf(name, plugins)
    const near = nearest(shortName(name), [...this.#own.keys()])
    const hint = near === undefined ? '' : `, did you mean '${near}'?`
    throw new PythonError('TemplateSyntaxError', `no ${this.#kind} named '${name}'${hint}`, {
      ansible: `Could not load "${name}": ${missing}`,
    })
  }
}

/** Collections whose filters and tests are built in here. */
const COLLECTIONS = new Set([
  'ansible.builtin',
  'ansible.legacy',
  'ansible.utils',
  'ansible.netcommon',
  'community.general',
])

function shortName(name: string): string {
  const at = name.lastIndexOf('.')
  return at > 0 && COLLECTIONS.has(name.slice(0, at)) ? name.slice(at + 1) : name
}

function collect<R>(tables: readonly Table<R>[]): ReadonlyMap<string, Definition<R>> {
  return new Map(tables.flatMap((table) => Object.entries(table)))
}

function nearest(name: string, known: readonly string[]): string | undefined {
  const scored = known.map((word) => ({ word, distance: distance(name, word) }))
  const [best] = scored.sort((left, right) => left.distance - right.distance)
  return best && best.distance <= Math.max(2, Math.floor(name.length / 3)) ? best.word : undefined
}

function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_none, index) => index)
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= right.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

/** Puts arguments in the order of `parameters`. */
export function bindArguments(
  name: string,
  parameters: readonly string[],
  { positional, named }: Arguments,
): readonly (Datum | undefined)[] {
  if (positional.length > parameters.length) {
    const most = parameters.length + 1
    throw typeError(
      `${name}() takes at most ${most} positional argument${most === 1 ? '' : 's'} but ${positional.length + 1} were given`,
    )
  }
  if (named.size === 0) return positional
  const bound: (Datum | undefined)[] = [...positional]
  for (const [key, value] of named) {
    const place = parameters.indexOf(key)
    if (place < 0) throw typeError(`${name}() got an unexpected keyword argument '${key}'`)
    if (place < positional.length)
      throw typeError(`${name}() got multiple values for argument '${key}'`)
    bound[place] = value
  }
  return bound
}
