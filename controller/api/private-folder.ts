import { lstatSync, mkdirSync } from 'node:fs'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'

/**
 * Makes a folder that only its owner can enter, or checks that it is one: who reaches the socket in it is the user.
 *
 * @throws {ErrandError} `denied`.
 */
export function privateFolder(path: string, uid: number): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new ErrandError('denied', `cannot make the folder ${path}: ${sentenceOf(cause)}`, {
      cause,
    })
  }
  const found = lstatSync(path)
  if (!found.isDirectory()) throw new ErrandError('denied', `${path} is not a folder`)
  if (found.uid !== uid)
    throw new ErrandError('denied', `the folder ${path} belongs to another user`)
  if ((found.mode & 0o077) !== 0) {
    throw new ErrandError('denied', `others can enter the folder ${path}: chmod 700 it first`)
  }
}
