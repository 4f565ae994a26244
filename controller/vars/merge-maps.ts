import { isMap, newMap, type ValueMap } from '../../proto/value.ts'

/** `hash_behaviour = merge`: the map above goes into the one below, as far down as both have maps. Neither is changed. */
export function mergeMaps(below: ValueMap, above: ValueMap): ValueMap {
  const merged = newMap(below)
  for (const [key, value] of above) {
    const under = merged.get(key)
    merged.set(key, isMap(under) && isMap(value) ? mergeMaps(under, value) : value)
  }
  return merged
}
