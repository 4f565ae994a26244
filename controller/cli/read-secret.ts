import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'

/** What a file with a password is called in errors, and what it is given when it is a program that asks for words. */
export interface SecretSource {
  readonly what: 'password' | 'vault password'
  readonly args: readonly string[]
}

/**
 * The text of a file without blanks around it, or what the file prints when it is a program; one whose name ends in `-client`
 * is told which password is meant.
 *
 * @throws {ErrandError} `not_found` when it is not there, `denied` when it gives no password.
 */
export function readSecret(file: string, { what, args }: SecretSource): string {
  if (!existsSync(file)) {
    throw new ErrandError('not_found', `The ${what} file ${file} was not found`)
  }
  const isClient = /-client(?:\.[^./]*)?$/u.test(file)
  const text = isProgram(file) ? printedBy(file, { what, args: isClient ? args : [] }) : read(file)
  const secret = text.trim()
  if (secret !== '') return secret
  const which = what === 'password' ? 'Empty password' : 'Invalid vault password'
  throw new ErrandError('invalid', `${which} was provided from file (${file})`)
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new ErrandError('invalid', `Could not read the file ${file}: ${sentenceOf(cause)}`, {
      cause,
    })
  }
}

function printedBy(file: string, { what, args }: SecretSource): string {
  const { stdout, status, error } = spawnSync(file, args, {
    encoding: 'utf8',
    stdio: ['inherit', 'pipe', 'inherit'],
  })
  if (error) {
    throw new ErrandError('invalid', `Problem running the ${what} script ${file}: ${error.message}`)
  }
  if (status === 0) return stdout
  throw new ErrandError('invalid', `The ${what} script ${file} returned ${status ?? 'by a signal'}`)
}

function isProgram(file: string): boolean {
  if (!statSync(file).isFile()) return false
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false // Not executable: a plain file.
  }
}
