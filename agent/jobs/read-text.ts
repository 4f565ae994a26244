/** Small files of the spool, read where they may not be there. */
import { readFileSync, statSync } from 'node:fs'

/**
 * The text of a small file; undefined when it is not there.
 *
 * @throws what the system said when it is there and cannot be read: that is not the same as not being there.
 */
export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    return undefinedWhenGone(error)
  }
}

/** When a file was last written, in milliseconds; undefined when it is not there. Throws as {@link readText}. */
export function writtenAtMs(file: string): number | undefined {
  try {
    return Math.floor(statSync(file).mtimeMs)
  } catch (error) {
    return undefinedWhenGone(error)
  }
}

/** Whether a file is there. Throws as {@link readText}. */
export function exists(file: string): boolean {
  return writtenAtMs(file) !== undefined
}

function undefinedWhenGone(error: unknown): undefined {
  const { code } = error as NodeJS.ErrnoException
  if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error
}
