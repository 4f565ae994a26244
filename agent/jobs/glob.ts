/** File name patterns as Python's glob has them: `*`, `?`, `[…]`; a leading dot only by a dot. */
import { lstat, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/** Whether any file matches `pattern`, a path or a glob, from `cwd`. Broken links count, as for Python. */
export async function anyMatch(pattern: string, cwd: string): Promise<boolean> {
  const absolute = resolve(cwd, pattern)
  const parts = absolute.split('/').filter((part) => part !== '')
  return await matchFrom('/', parts)
}

async function matchFrom(dir: string, parts: readonly string[]): Promise<boolean> {
  const [part, ...rest] = parts
  if (part === undefined) return await isThere(dir)
  if (!/[*?[]/u.test(part)) return await matchFrom(join(dir, part), rest)
  const pattern = globToRegExp(part)
  for (const name of await namesIn(dir)) {
    if (name.startsWith('.') && !part.startsWith('.')) continue
    if (pattern.test(name) && (await matchFrom(join(dir, name), rest))) return true
  }
  return false
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch {
    return false // not there, or not to be seen: the same to a glob
  }
}

async function namesIn(dir: string): Promise<readonly string[]> {
  try {
    return await readdir(dir)
  } catch {
    return []
  }
}

/** One part of a path as a pattern over the whole name. */
export function globToRegExp(glob: string): RegExp {
  let source = ''
  for (let at = 0; at < glob.length; at += 1) {
    const character = glob.charAt(at)
    const close = character === '[' ? glob.indexOf(']', at + 2) : -1
    if (character === '*') source += '.*'
    else if (character === '?') source += '.'
    else if (close > 0) {
      source += setSource(glob.slice(at + 1, close))
      at = close
    } else source += character.replace(/[\\^$.*+?()[\]{}|/-]/gu, '\\$&')
  }
  return new RegExp(`^${source}$`, 'su')
}

function setSource(set: string): string {
  const isNegated = set.startsWith('!')
  const body = (isNegated ? set.slice(1) : set).replace(/[\\\]^[]/gu, '\\$&')
  return `[${isNegated ? '^' : ''}${body}]`
}
