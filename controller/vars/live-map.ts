import type { MapKey, Value, ValueMap } from '../../proto/value.ts'
import { ToldMap } from '../template/python/datum.ts'

/** Where a map gets its entries from when they are asked for. */
export interface LiveSource {
  keys(): Iterable<string>
  has(key: string): boolean
  read(key: string): Value
  /** What is said of a key that is not there. Default as of any map. */
  absent?(key: string): string
  /** The name that Python's type has. Default `dict`. */
  readonly typeName?: string
}

/**
 * A map whose values are found when they are read: `hostvars` and `vars` would be the whole inventory, rendered,
 * otherwise. It cannot be written to.
 */
export function liveMap(source: LiveSource): ValueMap {
  return new LiveMap(source)
}

/** A Map, so that it counts as one everywhere; all that reads a Map is answered by the source. */
class LiveMap extends ToldMap<Value> {
  readonly #source: LiveSource

  constructor(source: LiveSource) {
    super()
    this.#source = source
  }

  get typeName(): string {
    return this.#source.typeName ?? 'dict'
  }

  absent(key: string): string {
    return this.#source.absent?.(key) ?? `'${this.typeName} object' has no attribute '${key}'`
  }

  override get size(): number {
    return new Set(this.#source.keys()).size
  }

  override has(key: MapKey): boolean {
    return typeof key === 'string' && this.#source.has(key)
  }

  override get(key: MapKey): Value | undefined {
    return typeof key === 'string' && this.#source.has(key) ? this.#source.read(key) : undefined
  }

  override *keys(): MapIterator<MapKey> {
    yield* new Set(this.#source.keys())
  }

  override *values(): MapIterator<Value> {
    for (const key of new Set(this.#source.keys())) yield this.#source.read(key)
  }

  override *entries(): MapIterator<[MapKey, Value]> {
    for (const key of new Set(this.#source.keys())) yield [key, this.#source.read(key)]
  }

  override [Symbol.iterator](): MapIterator<[MapKey, Value]> {
    return this.entries()
  }

  override forEach(visit: (value: Value, key: MapKey, map: Map<MapKey, Value>) => void): void {
    for (const [key, value] of this) visit(value, key, this)
  }

  override set(): this {
    throw new TypeError('these variables cannot be changed')
  }

  override delete(): boolean {
    throw new TypeError('these variables cannot be changed')
  }

  override clear(): void {
    throw new TypeError('these variables cannot be changed')
  }
}
