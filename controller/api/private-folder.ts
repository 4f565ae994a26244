import { lstatSync } from 'node:fs'
import { ErrandError } from '../../proto/errors.ts'
import { makeFolder } from '../../proto/make-folder.ts'

/**
 * Makes a folder that only its owner can enter, or checks that it is one: who reaches the socket in it is the user.
 *
 * @throws {ErrandError} `denied`.
 */
export function privateFolder(path: string, uid: number): void {
  makeFolder(path)
  const found = lstatSync(path)
  if (!found.isDirectory()) throw new ErrandError('denied', `${path} is not a folder`)
  if (found.uid !== uid)
    throw new ErrandError('denied', `the folder ${path} belongs to another user`)
  if ((found.mode & 0o077) !== 0) {
    throw new ErrandError('denied', `others can enter the folder ${path}: chmod 700 it first`)
  }
}
