import type { Table } from '../registry.ts'
import { fileTests } from './files.ts'
import { resultTests } from './results.ts'
import { setTests } from './sets.ts'
import { textTests } from './texts.ts'
import { typeTests } from './types.ts'
import { versionTests } from './versions.ts'

/** Every test, by chapter; a later table wins over an earlier one. */
export const testTables: readonly Table<boolean>[] = [
  typeTests,
  textTests,
  setTests,
  resultTests,
  versionTests,
  fileTests,
]
