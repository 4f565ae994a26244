import { readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { ErrandError } from '../../proto/errors.ts'

/** Another controller has the home. */
export class HomeIsTaken extends ErrandError {}

/**
 * Holds `file` for this process alone until disposed of. The system itself lets go when the process dies, however it
 * dies: the lock is the one that SQLite takes on a database file, since Node cannot lock files.
 *
 * @throws {HomeIsTaken} When another process holds it.
 */
export function holdLock(file: string): Disposable {
  const lock = new DatabaseSync(file, { timeout: 0 })
  try {
    lock.exec('pragma journal_mode = memory; begin exclusive')
  } catch (cause) {
    lock.close()
    throw new HomeIsTaken('conflict', `a controller is running already (${holder(file)})`, {
      cause,
    })
  }
  writeFileSync(`${file}.pid`, `${process.pid}\n`, { mode: 0o600 })
  return {
    [Symbol.dispose]: () => {
      if (lock.isOpen) lock.close()
    },
  }
}

/** For the sentence only: nothing is ever decided by a pid in a file. */
function holder(file: string): string {
  try {
    return `process ${readFileSync(`${file}.pid`, 'utf8').trim()}`
  } catch {
    return `it holds ${file}` // No pid was written yet.
  }
}
