import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
  type Stats,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ErrandError, sentenceOf } from '../../../proto/errors.ts'

/** How a file is replaced. */
export interface ReplaceOptions {
  /** Permission bits of the new file. `kept`: those of the old one. */
  readonly mode: number | 'kept'
  /** The old text must not be found on the disk again. */
  readonly isSecret: boolean
}

/** For files that nobody else is to read. */
export const ownerOnly = 0o600

/** Where a path leads to: what a link means is what is read and written. */
export function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : path
}

/** @throws {ErrandError} `not_found` with the reason. */
export function readSource(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new ErrandError(
      'not_found',
      `Unable to read source file (${path}): ${sentenceOf(cause)}`,
      {
        cause,
      },
    )
  }
}

/** Writes beside the file and renames, so that there is always the old or the new one; its owner stays. */
export function replaceFile(
  path: string,
  content: string | Uint8Array,
  { mode, isSecret }: ReplaceOptions,
): void {
  const old = existsSync(path) ? openSync(path, isSecret ? 'r+' : 'r') : undefined
  const beside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`)
  try {
    const before = old === undefined ? undefined : fstatSync(old)
    writeNew(beside, content, before)
    if (mode === 'kept' && before) chmodSync(beside, before.mode & 0o7777)
    renameSync(beside, path)
    if (old !== undefined && isSecret) overwrite(old)
  } catch (cause) {
    rmSync(beside, { force: true })
    throw new ErrandError('denied', `Unable to write ${path}: ${sentenceOf(cause)}`, { cause })
  } finally {
    if (old !== undefined) closeSync(old)
  }
}

/** Overwrites what an open file holds; whoever has another name for it loses it too. */
export function overwrite(file: number): void {
  const { size } = fstatSync(file)
  writeSync(file, randomBytes(size), 0, size, 0)
  fsyncSync(file)
}

function writeNew(path: string, content: string | Uint8Array, like: Stats | undefined): void {
  const file = openSync(path, 'wx', ownerOnly)
  try {
    writeFileSync(file, content)
    fsyncSync(file)
    if (like) keepOwner(file, like)
  } finally {
    closeSync(file)
  }
}

function keepOwner(file: number, { uid, gid }: Stats): void {
  try {
    fchownSync(file, uid, gid)
  } catch {
    // Only root may give a file away: then it belongs to who wrote it.
  }
}
