import type { LineCounter } from 'yaml'
import type { MapKey } from '../../proto/value.ts'
import type { Place } from './place.ts'

/** Where the maps, lists, keys and items of one file's values stand in it. */
export class Places {
  readonly #file: string
  readonly #lines: LineCounter
  readonly #starts = new WeakMap<object, number>()
  readonly #parts = new WeakMap<object, Map<MapKey, PartOffsets>>()

  constructor(file: string, lines: LineCounter) {
    this.#file = file
    this.#lines = lines
  }

  /** Place of a map or list; the file's first character when it is not from this file. */
  of(value: unknown): Place {
    const isObject = typeof value === 'object' && value !== null
    return this.at((isObject ? this.#starts.get(value) : undefined) ?? 0)
  }

  /** Place of a map's key. */
  ofKey(map: object, key: MapKey): Place {
    return this.at(this.#parts.get(map)?.get(key)?.key ?? this.#starts.get(map) ?? 0)
  }

  /** Place of a value by its map and key, or its list and index. */
  ofValue(container: object, key: MapKey): Place {
    return this.at(this.#parts.get(container)?.get(key)?.value ?? this.#starts.get(container) ?? 0)
  }

  at(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset)
    return { file: this.#file, line: Math.max(line, 1), column: Math.max(col, 1) }
  }

  addStart(value: object, offset: number): void {
    this.#starts.set(value, offset)
  }

  /** Gives `to` the places of `from`: they hold the same keys. */
  copy(from: object, to: object): void {
    const start = this.#starts.get(from)
    const parts = this.#parts.get(from)
    if (start !== undefined) this.#starts.set(to, start)
    if (parts) this.#parts.set(to, parts)
  }

  addPart(container: object, key: MapKey, offsets: PartOffsets): void {
    const parts = this.#parts.get(container) ?? new Map<MapKey, PartOffsets>()
    this.#parts.set(container, parts)
    parts.set(key, offsets)
  }
}

interface PartOffsets {
  readonly key: number
  readonly value: number
}
