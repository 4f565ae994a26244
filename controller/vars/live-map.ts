import type { Value, ValueMap } from '../../proto/value.ts'

/** Where a map gets its entries from when they are asked for. */
export interface LiveSource {
  keys(): Iterable<string>
  has(key: string): boolean
  read(key: string): Value
}

/**
 * A map whose values are found when they are read: `hostvars` and `vars` would be the whole inventory, rendered,
 * otherwise. Like every map of the language it has no prototype and cannot be written to.
 */
export function liveMap(source: LiveSource): ValueMap {
  const target = Object.create(null) as ValueMap
  return new Proxy(target, {
    get: (_target, key) => (isKey(key, source) ? source.read(key) : undefined),
    has: (_target, key) => isKey(key, source),
    ownKeys: () => [...new Set(source.keys())],
    getOwnPropertyDescriptor: (_target, key) =>
      isKey(key, source)
        ? { get: () => source.read(key), enumerable: true, configurable: true }
        : undefined,
    set: () => false,
    defineProperty: () => false,
    deleteProperty: () => false,
    setPrototypeOf: () => false,
  })
}

function isKey(key: string | symbol, source: LiveSource): key is string {
  return typeof key === 'string' && source.has(key)
}
