import { filterTables } from './filters/tables.ts'
import type { Arguments, Datum } from './python/datum.ts'
import { PythonError, typeError } from './python/python-error.ts'
import type { CallContext } from './call-context.ts'
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

/** All filters and tests, found by short or full name. */
export class Registry {
  readonly #filters = collect(filterTables)
  readonly #tests = collect(testTables)

  /** The filter `name`. */
  filter(name: string): Definition<Datum> {
    return find(this.#filters, name, 'filter')
  }

  /** The test `name`. */
  test(name: string): Definition<boolean> {
    return find(this.#tests, name, 'test')
  }

  hasFilter(name: string): boolean {
    return this.#filters.has(shortName(name))
  }

  hasTest(name: string): boolean {
    return this.#tests.has(shortName(name))
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

function find<R>(
  known: ReadonlyMap<string, Definition<R>>,
  name: string,
  what: string,
): Definition<R> {
  const definition = known.get(shortName(name))
  if (definition) return definition
  const near = nearest(shortName(name), [...known.keys()])
  const hint = near === undefined ? '' : `, did you mean '${near}'?`
  throw new PythonError('TemplateSyntaxError', `no ${what} named '${name}'${hint}`, {
    ansible: `Could not load "${name}": '${name}'`,
  })
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
