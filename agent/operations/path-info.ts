import { existsSync, lstatSync, type Stats } from 'node:fs'
import { modeText } from './mode.ts'
import { nameOf } from './names.ts'
import type { JsonMap } from './operation.ts'

/** What stands at a path, in the words of Ansible's file module. */
export type PathState = 'absent' | 'link' | 'directory' | 'hard' | 'file'

/** Looks without following links. */
export function stateOf(path: string): PathState {
  const found = look(path)
  if (!found) return 'absent'
  if (found.isSymbolicLink()) return 'link'
  if (found.isDirectory()) return 'directory'
  return found.nlink > 1 ? 'hard' : 'file'
}

/** What lstat says; undefined when nothing is there. */
export function look(path: string): Stats | undefined {
  try {
    return lstatSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}

/** The fields that every result about a file has: whose it is, mode, state, size. Empty when nothing is there. */
export async function pathInfo(path: string): Promise<JsonMap> {
  const found = look(path)
  // A link that leads nowhere counts as nothing, as in Ansible's results.
  if (!found || !existsSync(path)) return {}
  return {
    uid: found.uid,
    gid: found.gid,
    owner: (await nameOf('passwd', found.uid)) ?? String(found.uid),
    group: (await nameOf('group', found.gid)) ?? String(found.gid),
    mode: modeText(found.mode),
    state: stateOf(path),
    size: found.size,
  }
}
