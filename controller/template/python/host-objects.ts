import { checkItems } from '../limits.ts'
import { Undefined } from '../scope.ts'
import { isEqual } from './compare.ts'
import { type Arguments, type Datum, HostFunction, HostObject, isSequence } from './datum.ts'
import { typeError, valueError } from './python-error.ts'
import { pythonRepr } from './text.ts'

/** Python's `range`. */
export class Range extends HostObject {
  readonly typeName = 'range'
  readonly start: number
  readonly stop: number
  readonly step: number
  readonly length: number

  constructor(start: number, stop: number, step: number) {
    super()
    if (step === 0) throw valueError('range() arg 3 must not be zero')
    this.start = start
    this.stop = stop
    this.step = step
    this.length = Math.max(0, Math.ceil((stop - start) / step))
    checkItems(this.length)
  }

  override items(): readonly Datum[] {
    return Array.from({ length: this.length }, (_none, index) => this.start + index * this.step)
  }

  override equals(other: Datum): boolean {
    return other instanceof Range && isEqual(this.items(), other.items())
  }

  override text(): string {
    const step = this.step === 1 ? '' : `, ${this.step}`
    return `range(${this.start}, ${this.stop}${step})`
  }
}

/** What `keys()`, `values()` and `items()` of a map give. */
export class DictView extends HostObject {
  readonly typeName: string
  readonly #items: readonly Datum[]

  constructor(name: 'dict_keys' | 'dict_values' | 'dict_items', items: readonly Datum[]) {
    super()
    this.typeName = name
    this.#items = items
  }

  override items(): readonly Datum[] {
    return this.#items
  }

  override equals(other: Datum): boolean {
    if (!(other instanceof DictView) || this.typeName === 'dict_values') return this === other
    const others = other.items()
    if (others.length !== this.#items.length) return false
    return this.#items.every((item) => others.some((part) => isEqual(item, part)))
  }

  override text(): string {
    return `${this.typeName}(${pythonRepr(this.#items)})`
  }
}

/** Python's `set`. It has no order there; here the items keep theirs. */
export class PythonSet extends HostObject {
  readonly typeName = 'set'
  readonly #items: readonly Datum[]

  constructor(items: readonly Datum[]) {
    super()
    this.#items = items
  }

  override items(): readonly Datum[] {
    return this.#items
  }

  override equals(other: Datum): boolean {
    if (!(other instanceof PythonSet) || other.items().length !== this.#items.length) return false
    return this.#items.every((item) => other.items().some((part) => isEqual(item, part)))
  }

  override text(): string {
    return this.#items.length === 0
      ? 'set()'
      : pythonRepr(this.#items).replace(/^\[(.*)\]$/su, '{$1}')
  }
}

/** Jinja's `namespace()`: attributes that `set` may change from inside a loop. */
export class Namespace extends HostObject {
  readonly typeName = 'Namespace'
  readonly #values = new Map<string, Datum>()

  override attribute(name: string): Datum | undefined {
    return this.#values.get(name)
  }

  assign(name: string, value: Datum): void {
    this.#values.set(name, value)
  }

  override text(): string {
    return `<Namespace {${[...this.#values].map(([key, value]) => `${pythonRepr(key)}: ${pythonRepr(value)}`).join(', ')}}>`
  }
}

/** Jinja's `cycler()`. */
export class Cycler extends HostObject {
  readonly typeName = 'Cycler'
  readonly #values: readonly Datum[]
  #place = 0

  constructor(values: readonly Datum[]) {
    super()
    if (values.length === 0) throw new TypeError('at least one item has to be provided')
    this.#values = values
  }

  override attribute(name: string): Datum | undefined {
    if (name === 'current') return this.#values[this.#place]
    if (name === 'next') return new HostFunction(name, () => this.#next())
    if (name !== 'reset') return undefined
    return new HostFunction(name, () => {
      this.#place = 0
      return null
    })
  }

  #next(): Datum {
    const value = this.#values[this.#place] ?? null
    this.#place = (this.#place + 1) % this.#values.length
    return value
  }
}

/** Jinja's `joiner()`: nothing at the first call, the separator from then on. */
export class Joiner extends HostObject {
  readonly typeName = 'Joiner'
  readonly #separator: Datum
  #isUsed = false

  constructor(separator: Datum) {
    super()
    this.#separator = separator
  }

  override call(): Datum {
    if (this.#isUsed) return this.#separator
    this.#isUsed = true
    return ''
  }
}

/** Calls anything that can be called. */
export function callDatum(callee: Datum, args: Arguments): Datum {
  if (callee instanceof HostObject && callee.call) return callee.call(args)
  const name = callee instanceof HostObject ? callee.typeName : undefined
  throw typeError(`'${name ?? kindOf(callee)}' object is not callable`)
}

function kindOf(datum: Datum): string {
  if (datum === null) return 'NoneType'
  if (datum instanceof Undefined) return 'AnsibleUndefined'
  if (typeof datum === 'string') return 'str'
  if (typeof datum === 'boolean') return 'bool'
  if (typeof datum === 'number' || typeof datum === 'bigint') return 'int'
  return isSequence(datum) ? 'list' : 'dict'
}
