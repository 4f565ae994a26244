import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { ErrandError, sentenceOf } from './errors.ts'

/**
 * Makes a folder and those above it that are missing, for their owner alone; one that is there stays as it is.
 *
 * @throws {ErrandError} `denied`.
 */
export function makeFolder(path: string): void {
  try {
    makeMissing(path)
  } catch (cause) {
    throw new ErrandError('denied', `cannot make the folder ${path}: ${sentenceOf(cause)}`, {
      cause,
    })
  }
}

/** Not by `recursive` of mkdirSync: below /proc that one tries for ever. */
function makeMissing(path: string): void {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return
  if (dirname(path) !== path) makeMissing(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Another process may have been faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
