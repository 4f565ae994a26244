import { type Datum, type DatumMap, isSequence } from '../python/datum.ts'
import type { MapKey } from '../../../proto/value.ts'

/**
 * Names for the lists and maps that stand at several places, as PyYAML gives them: in the order in which it comes to one
 * again.
 *
 * @param keysOf The keys of a map in the order in which they are written.
 */
export function anchorsOf(
  whole: Datum,
  keysOf: (map: DatumMap) => readonly MapKey[],
): ReadonlyMap<Datum, string> {
  const seen = new Set<Datum>()
  const anchors = new Map<Datum, string>()
  const visit = (datum: Datum): void => {
    const isMap = datum instanceof Map
    if (!isMap && !isSequence(datum)) return
    if (seen.has(datum)) {
      const name = `id${String(anchors.size + 1).padStart(3, '0')}`
      if (!anchors.has(datum)) anchors.set(datum, name)
      return
    }
    seen.add(datum)
    if (isSequence(datum)) datum.forEach(visit)
    else for (const key of keysOf(datum)) visit(datum.get(key) ?? null)
  }
  visit(whole)
  return anchors
}
