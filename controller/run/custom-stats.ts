import { isList, isMap, newMap, type Value, type ValueMap } from '../../proto/value.ts'

/** What set_stats collects, by host or for the whole run (`_run`). */
export class CustomStats {
  readonly #data = newMap()

  /** Replaces values, or adds them to those that are there: numbers and texts by +, lists and maps by joining. */
  add(data: ValueMap, options: { readonly host: string; readonly isAdding: boolean }): void {
    const { host, isAdding } = options
    const before = this.#data.get(host)
    const mine = newMap(isMap(before) ? before : [])
    for (const [name, value] of data) {
      const old = mine.get(name)
      mine.set(name, isAdding && old !== undefined ? joined(old, value) : value)
    }
    this.#data.set(host, mine)
  }

  /** Undefined when nothing was set. */
  snapshot(): ValueMap | undefined {
    return this.#data.size === 0 ? undefined : newMap(this.#data)
  }
}

function joined(before: Value, value: Value): Value {
  if (typeof before === 'number' && typeof value === 'number') return before + value
  if (typeof before === 'string' && typeof value === 'string') return before + value
  if (isList(before) && isList(value)) return [...before, ...value]
  if (isMap(before) && isMap(value)) return newMap([...before, ...value])
  return value
}
