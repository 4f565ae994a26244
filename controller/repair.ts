import { dirname } from 'node:path'
import { holdLock } from './api/lock.ts'
import { privateFolder } from './api/private-folder.ts'
import type { ControllerConfig } from './config.ts'
import { repairDatabase, type Repair } from './store/repair-database.ts'

/**
 * Repairs the record of a home that no controller serves, and says in lines what was done.
 *
 * @throws {ErrandError} `conflict` when a controller runs; what keeps the record from being repaired.
 */
export async function repairRecord(config: ControllerConfig, nowMs: number): Promise<string> {
  privateFolder(dirname(config.databaseFile), process.getuid?.() ?? 0)
  using _lock = holdLock(config.lockFile)
  return reportOf(config.databaseFile, await repairDatabase(config.databaseFile, { nowMs }))
}

function reportOf(file: string, repair: Repair): string {
  switch (repair.kind) {
    case 'whole':
      return `the record ${file} is whole\n`
    case 'indexes':
      return `the record ${file} is whole; its indexes were made anew\n`
    case 'saved': {
      const saved = Object.entries(repair.saved).map(([table, rows]) => `${rows} ${table}`)
      const lost = Object.entries(repair.lost).map(
        ([table, evidence]) => `of ${table} not all could be read: ${evidence}\n`,
      )
      return (
        `saved ${saved.join(', ')} to a new record ${file}\n${lost.join('')}` +
        `the damaged one is ${repair.aside}: remove it when nothing is missed\n`
      )
    }
  }
}
