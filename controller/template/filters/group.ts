import { type Datum, Tuple } from '../python/datum.ts'

/** A group that `groupby` found: a pair that also has names. */
export class Group extends Tuple {
  constructor(key: Datum, items: readonly Datum[]) {
    super()
    this.push(key, items)
  }

  get grouper(): Datum {
    return this[0] ?? null
  }

  get list(): Datum {
    return this[1] ?? null
  }
}
