/** File modes in octal or in symbols, as chmod and Ansible read them. */
import { CannotDo } from './cannot-do.ts'

export interface ModeOf {
  /** The mode now, the permission bits. */
  readonly mode: number
  readonly isDirectory: boolean
  /** What the process leaves out where a symbol names nobody. */
  readonly umask: number
}

/**
 * The permission bits that `wanted` makes of a file.
 *
 * @param wanted `0644`, `644`, 420 as a number, `u=rw,go=r`, `u+rwX`, `+x`.
 * @throws {CannotDo} in the words of Ansible when it is none of these.
 */
export function wantedMode(wanted: unknown, now: ModeOf): number {
  if (typeof wanted === 'number') return wanted & 0o7777
  const text = typeof wanted === 'string' ? wanted : JSON.stringify(wanted)
  if (/^(?:0o)?[0-7]+$/u.test(text)) return Number.parseInt(text.replace(/^0o/u, ''), 8) & 0o7777
  return text
    .split(',')
    .reduce((mode, part) => applySymbols(part, { ...now, mode }), now.mode & 0o7777)
}

/** A mode as Ansible shows it: `0644`. */
export function modeText(mode: number): string {
  return `0${(mode & 0o7777).toString(8).padStart(3, '0')}`
}

const symbols = /^([ugoa]*)((?:[-+=](?:[ugo]|[rwxXst]*))+)$/u

function applySymbols(part: string, now: ModeOf): number {
  const [, users, actions] = symbols.exec(part) ?? []
  if (users === undefined || actions === undefined) {
    throw new CannotDo('mode must be in octal or symbolic form', {
      details: `bad symbolic permission for mode: ${part}`,
    })
  }
  const whom = users === '' || users.includes('a') ? 'ugo' : users
  const umask = users === '' ? now.umask : 0
  let { mode } = now
  for (const [, operator = '', permissions = ''] of actions.matchAll(
    /([-+=])([ugo]|[rwxXst]*)/gu,
  )) {
    for (const user of whom) mode = applyOne(mode, { user, operator, permissions, umask, now })
  }
  return mode
}

interface OneChange {
  readonly user: string
  readonly operator: string
  readonly permissions: string
  readonly umask: number
  readonly now: ModeOf
}

const shifts: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 }
const special: Readonly<Record<string, number>> = { u: 0o4000, g: 0o2000, o: 0o1000 }

function applyOne(mode: number, change: OneChange): number {
  const { user, operator, umask } = change
  const bits = bitsOf(mode, change) & ~umask
  if (operator === '+') return mode | bits
  if (operator === '-') return mode & ~bits
  const kept = mode & ~((7 << (shifts[user] ?? 0)) | (special[user] ?? 0))
  return kept | bits
}

function bitsOf(mode: number, { user, permissions, now }: OneChange): number {
  const shift = shifts[user] ?? 0
  if (/^[ugo]$/u.test(permissions)) return ((mode >> (shifts[permissions] ?? 0)) & 7) << shift
  let bits = 0
  for (const permission of permissions) {
    if (permission === 'r') bits |= 4 << shift
    if (permission === 'w') bits |= 2 << shift
    if (permission === 'x') bits |= 1 << shift
    if (permission === 'X' && (now.isDirectory || (now.mode & 0o111) !== 0)) bits |= 1 << shift
    if (permission === 's' && user !== 'o') bits |= special[user] ?? 0
    if (permission === 't' && user === 'o') bits |= 0o1000
  }
  return bits
}
