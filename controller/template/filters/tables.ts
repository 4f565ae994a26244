import type { Datum } from '../python/datum.ts'
import type { Table } from '../registry.ts'
import { collectionFilters } from './collections.ts'
import { combineFilters } from './combine.ts'
import { dateFilters } from './dates.ts'
import { defaultFilters } from './defaults.ts'
import { encodingFilters } from './encoding.ts'
import { formatFilters } from './formats.ts'
import { listFilters } from './lists.ts'
import { mapFilters } from './maps.ts'
import { networkFilters } from './networks.ts'
import { numberFilters } from './numbers.ts'
import { pathFilters } from './paths.ts'
import { queryFilters } from './queries.ts'
import { regexFilters } from './regexes.ts'
import { selectFilters } from './selections.ts'
import { setFilters } from './sets.ts'
import { textFilters } from './texts.ts'
import { vaultFilters } from './vaults.ts'

/** Every filter, by chapter; a later table wins over an earlier one. */
export const filterTables: readonly Table<Datum>[] = [
  defaultFilters,
  textFilters,
  numberFilters,
  listFilters,
  selectFilters,
  setFilters,
  mapFilters,
  combineFilters,
  collectionFilters,
  formatFilters,
  encodingFilters,
  regexFilters,
  pathFilters,
  dateFilters,
  queryFilters,
  networkFilters,
  vaultFilters,
]
