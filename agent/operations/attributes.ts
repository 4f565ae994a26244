/** Owner, group and mode: what every module that leaves a file behind can set. */
import { chmodSync, lchownSync } from 'node:fs'
import { modeText, wantedMode, type ModeOf } from './mode.ts'
import { idOf } from './names.ts'
import { CannotDo } from './cannot-do.ts'
import type { JsonMap } from './operation.ts'
import { look } from './path-info.ts'
import { pythonError } from './python-error.ts'
import { text } from './arguments.ts'

/** What is wanted; undefined leaves it as it is. */
export interface Attributes {
  readonly owner: string | undefined
  readonly group: string | undefined
  /** As wantedMode() reads it. */
  readonly mode: unknown
}

/** What was changed, for the difference that is shown. */
export interface AttributeChange {
  readonly changed: boolean
  readonly before: JsonMap
  readonly after: JsonMap
}

/** Takes the attributes out of a module's arguments. */
export function attributesFrom(args: JsonMap): Attributes {
  const mode = args['mode'] === null || args['mode'] === '' ? undefined : args['mode']
  return { owner: text(args, 'owner'), group: text(args, 'group'), mode }
}

/** Sets what differs on the path itself, not on what a link leads to. In check mode only says what differs. */
export async function setAttributes(
  path: string,
  wanted: Attributes,
  { check }: { readonly check: boolean },
): Promise<AttributeChange> {
  const owner = await changeOwner(path, wanted, check)
  const mode = changeMode(path, wanted.mode, check)
  return {
    changed: owner.changed || mode.changed,
    before: { ...owner.before, ...mode.before },
    after: { ...owner.after, ...mode.after },
  }
}

async function changeOwner(
  path: string,
  wanted: Attributes,
  check: boolean,
): Promise<AttributeChange> {
  const found = look(path)
  if (!found) return unchanged
  const uid = await lookUp(path, 'owner', wanted.owner)
  const gid = await lookUp(path, 'group', wanted.group)
  const before: Record<string, number> = {}
  const after: Record<string, number> = {}
  if (uid !== undefined && uid !== found.uid) [before['owner'], after['owner']] = [found.uid, uid]
  if (gid !== undefined && gid !== found.gid) [before['group'], after['group']] = [found.gid, gid]
  const changed = Object.keys(after).length > 0
  if (changed && !check) {
    try {
      lchownSync(path, after['owner'] ?? found.uid, after['group'] ?? found.gid)
    } catch (error) {
      throw new CannotDo(after['owner'] === undefined ? 'chgrp failed' : 'chown failed', {
        path,
        details: pythonError(error),
      })
    }
  }
  return { changed, before, after }
}

async function lookUp(
  path: string,
  what: 'owner' | 'group',
  name: string | undefined,
): Promise<number | undefined> {
  if (name === undefined || name === '') return undefined
  const id = await idOf(what === 'owner' ? 'passwd' : 'group', name)
  if (id !== undefined) return id
  throw new CannotDo(
    what === 'owner'
      ? `chown failed: failed to look up user ${name}`
      : `chgrp failed: failed to look up group ${name}`,
    { path },
  )
}

function changeMode(path: string, wanted: unknown, check: boolean): AttributeChange {
  const found = look(path)
  if (wanted === undefined || !found) return unchanged
  const now = { mode: found.mode, isDirectory: found.isDirectory(), umask: process.umask() }
  const mode = modeOf(path, wanted, now)
  // A link has no mode of its own that counts.
  if (found.isSymbolicLink() || mode === (found.mode & 0o7777)) return unchanged
  if (!check) {
    try {
      chmodSync(path, mode)
    } catch (error) {
      throw new CannotDo('chmod failed', { path, details: pythonError(error) })
    }
  }
  return { changed: true, before: { mode: modeText(found.mode) }, after: { mode: modeText(mode) } }
}

function modeOf(path: string, wanted: unknown, now: ModeOf): number {
  try {
    return wantedMode(wanted, now)
  } catch (error) {
    if (!(error instanceof CannotDo)) throw error
    throw new CannotDo(error.message, { path, ...error.details })
  }
}

const unchanged: AttributeChange = { changed: false, before: {}, after: {} }
