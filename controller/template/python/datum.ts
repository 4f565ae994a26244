import { type Float, type MapKey, keyIn } from '../../../proto/value.ts'
import type { Undefined } from '../scope.ts'

/**
 * What an expression may hold on its way to a `Value`: also what is undefined, and the objects that
 * only live inside a template (a date, a loop, a macro …).
 */
export type Datum =
  | null
  | boolean
  | number
  | bigint
  | string
  | Float
  | Undefined
  | HostObject
  | readonly Datum[]
  | DatumMap

/** A mapping whose values may be any {@link Datum}. */
export type DatumMap = ReadonlyMap<MapKey, Datum>

/** Arguments of a call: by place and by name. */
export interface Arguments {
  readonly positional: readonly Datum[]
  readonly named: ReadonlyMap<string, Datum>
}

/** No arguments at all. */
export const noArguments: Arguments = { positional: [], named: new Map() }

/** An object of the evaluator's own. Expressions reach what it offers here and nothing else. */
export abstract class HostObject {
  /** The name Python gives the type, for sentences and `type_debug`. */
  abstract readonly typeName: string

  /** The attribute `name`, or nothing. */
  attribute(_name: string): Datum | undefined {
    return undefined
  }

  /** The items, where it can be iterated. */
  items(): readonly Datum[] | undefined {
    return undefined
  }

  /** The result of a call, where it can be called. */
  call?(args: Arguments): Datum

  /** Python's truth. */
  isTrue(): boolean {
    const items = this.items()
    return items === undefined || items.length > 0
  }

  /** Python's `==`. */
  equals(other: Datum): boolean {
    return this === other
  }

  /** Python's order: negative, zero, positive; nothing where the two cannot be ordered. */
  compare(_other: Datum): number | undefined {
    return undefined
  }

  /** Python's `str()`. */
  text(): string {
    return `<${this.typeName} object>`
  }

  /** Python's `repr()`. */
  repr(): string {
    return this.text()
  }
}

/** A Python tuple: prints and compares apart from a list, and becomes one when it leaves the evaluator. */
export class Tuple extends Array<Datum> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }
}

/** A pair whose parts have names, too. */
export class NamedPair extends Tuple {
  readonly #names: readonly [string, string]

  constructor(names: readonly [string, string], parts: readonly [Datum, Datum]) {
    super()
    this.#names = names
    this.push(...parts)
  }

  /** The part called `name`. */
  attribute(name: string): Datum | undefined {
    const place = this.#names.indexOf(name)
    return place < 0 ? undefined : this[place]
  }
}

/** A map that has words of its own for a key that is not there: `hostvars` and its like. */
export abstract class ToldMap<V extends Datum> extends Map<MapKey, V> {
  /** The name Python gives its type. */
  abstract readonly typeName: string

  /** What is undefined then. */
  abstract absent(key: string): string
}

/** A tuple of `items`. */
export function tuple(items: Iterable<Datum>): Tuple {
  const made = new Tuple()
  for (const item of items) made.push(item)
  return made
}

/** A tuple of the two, typed as a pair. */
export function pair(first: Datum, second: Datum): Tuple {
  return tuple([first, second])
}

/** A function that expressions can call. */
export class HostFunction extends HostObject {
  readonly typeName: string
  readonly name: string
  readonly #run: (args: Arguments) => Datum

  constructor(name: string, run: (args: Arguments) => Datum, typeName = 'function') {
    super()
    this.name = name
    this.typeName = typeName
    this.#run = run
  }

  override call(args: Arguments): Datum {
    return this.#run(args)
  }

  override text(): string {
    return `<function ${this.name}>`
  }
}

/** True for a list or a tuple. */
export function isSequence(datum: unknown): datum is readonly Datum[] {
  return Array.isArray(datum)
}

/** True for a list, not for a tuple. */
export function isListDatum(datum: unknown): datum is readonly Datum[] {
  return Array.isArray(datum) && !(datum instanceof Tuple)
}

/** True for a mapping. */
export function isDict(datum: unknown): datum is DatumMap {
  return datum instanceof Map
}

/** A map, open for writing until it is handed on. */
export function newDict(entries?: Iterable<readonly [MapKey, Datum]>): Map<MapKey, Datum> {
  const map = new Map<MapKey, Datum>()
  for (const [key, value] of entries ?? []) map.set(keyIn(map, key), value)
  return map
}
