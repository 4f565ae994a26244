import { readdirSync, rmSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { FileRequest } from './file-request.ts'
import { CannotDo } from './cannot-do.ts'
import type { JsonMap } from './operation.ts'
import { pythonError } from './python-error.ts'

/** How much of a removed folder's content is told. */
const mostNames = 10_000

/** state=absent: a folder goes with everything in it; a link goes, not what it leads to. */
export function removePath({ path, previous, check }: FileRequest): JsonMap {
  if (previous === 'absent') return { path, changed: false, state: previous }
  const before = {
    path,
    state: previous,
    ...(previous === 'directory' ? { path_content: contentOf(path) } : {}),
  }
  if (!check) remove(path, previous === 'directory')
  return { path, changed: true, diff: { before, after: { path, state: 'absent' } } }
}

function remove(path: string, isFolder: boolean): void {
  try {
    if (isFolder) rmSync(path, { recursive: true })
    else unlinkSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return // somebody was quicker: it is absent
    const message = pythonError(error)
    throw new CannotDo(isFolder ? `rmtree failed: ${message}` : `unlinking failed: ${message} `, {
      path,
    })
  }
}

function contentOf(path: string): JsonMap {
  const content = { directories: [] as string[], files: [] as string[] }
  const waiting = [path]
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const whole = join(at, entry.name)
      if (!entry.isDirectory()) content.files.push(whole)
      else {
        content.directories.push(whole)
        waiting.push(whole)
      }
      if (content.directories.length + content.files.length >= mostNames) return content
    }
  }
  return content
}
