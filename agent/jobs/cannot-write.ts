/** What the system says when nothing can be written, in a sentence that tells what to do. */
import { statfsSync } from 'node:fs'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'

/** The error for a folder of the agent's that could not be written: `exhausted` with what to do, or `internal`. */
export function cannotWrite(dir: string, cause: unknown): ErrandError {
  const { code } = cause as NodeJS.ErrnoException
  const refused = (why: string) => new ErrandError('exhausted', why, { cause })
  switch (code) {
    case 'ENOSPC':
      return refused(
        hasNoInodes(dir)
          ? `no inodes left on the disk of ${dir}: remove files there`
          : `no space left on the disk of ${dir}: free some there`,
      )
    case 'EDQUOT':
      return refused(`the disk quota is used up in ${dir}: raise it, or free some space there`)
    case 'EROFS':
      return refused(`the disk of ${dir} is read-only: mount it for writing`)
    case 'EACCES':
    case 'EPERM':
      return refused(`the agent may not write ${dir}: give the folder back to its user`)
    case 'ENOENT':
      return refused(`${dir} is gone: start the agent again, which makes it anew`)
    case 'EMFILE':
    case 'ENFILE':
      return refused('the host has no open file left for the agent')
    case 'EAGAIN':
    case 'ENOMEM':
      return refused('the host is out of processes or memory')
    default:
      return new ErrandError('internal', `${dir} cannot be written: ${sentenceOf(cause)}`, {
        cause,
      })
  }
}

/** The same number stands for no space and no inodes: which of them is asked here. */
function hasNoInodes(dir: string): boolean {
  try {
    const { files, ffree, bavail } = statfsSync(dir)
    return files > 0 && ffree === 0 && bavail > 0
  } catch {
    return false
  }
}
