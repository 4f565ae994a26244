import { closeSync, lstatSync, openSync, utimesSync } from 'node:fs'
import { text } from './arguments.ts'
import { setAttributes } from './attributes.ts'
import { behindLink, type FileRequest } from './file-request.ts'
import { parseTimestamp } from './file-time.ts'
import { CannotDo } from './cannot-do.ts'
import type { JsonMap } from './operation.ts'
import { pythonError } from './python-error.ts'
import { PythonFloat } from './python-float.ts'

/** state=file: only attributes and times; what is not there is not made. */
export async function keepFile(request: FileRequest): Promise<JsonMap> {
  const { path, previous, check } = request
  if (previous !== 'file' && previous !== 'hard') {
    throw new CannotDo(
      `file (${path}) is ${previous} cannot continue`.replace(' cannot', ', cannot'),
      {
        state: previous,
      },
    )
  }
  const change = await setAttributes(path, request.attributes, { check })
  const times = setTimes(path, timesFrom(request, 'preserve'), check)
  return {
    path,
    changed: change.changed || times.changed,
    diff: {
      before: { path, ...change.before, ...times.before },
      after: { path, ...change.after, ...times.after },
    },
  }
}

/** state=touch: made when missing, else its times are set. */
export async function touchFile(asked: FileRequest): Promise<JsonMap> {
  const isLink = asked.previous === 'link' && asked.follow
  const request = isLink ? behindLink(asked) : asked
  const { path, previous, check } = request
  const dest = asked.path
  if (previous === 'absent' && check) return { dest, changed: true }
  const isNew = previous === 'absent'
  if (isNew) create(path)
  const change = await setAttributes(path, request.attributes, { check })
  const times = setTimes(path, timesFrom(request, 'now'), check)
  return {
    dest,
    changed: isNew || change.changed || times.changed,
    diff: {
      before: { path: dest, state: previous, ...change.before, ...times.before },
      after: { path: dest, state: 'touch', ...change.after, ...times.after },
    },
  }
}

function create(path: string): void {
  try {
    closeSync(openSync(path, 'a'))
  } catch (error) {
    throw new CannotDo(`Error, could not touch target: ${pythonError(error)}`)
  }
}

/** @throws {CannotDo} for a time that is none, before anything is done. */
export function checkTimes(args: JsonMap): void {
  timeFrom(text(args, 'access_time') ?? 'now', text(args, 'access_time_format'))
  timeFrom(text(args, 'modification_time') ?? 'now', text(args, 'modification_time_format'))
}

interface WantedTimes {
  /** Seconds; undefined keeps what is there. */
  readonly atime: number | 'now' | undefined
  readonly mtime: number | 'now' | undefined
}

function timesFrom({ args }: FileRequest, fallback: 'now' | 'preserve'): WantedTimes {
  return {
    atime: timeFrom(text(args, 'access_time') ?? fallback, text(args, 'access_time_format')),
    mtime: timeFrom(
      text(args, 'modification_time') ?? fallback,
      text(args, 'modification_time_format'),
    ),
  }
}

function timeFrom(wanted: string, format = '%Y%m%d%H%M.%S'): number | 'now' | undefined {
  if (wanted === 'preserve' || wanted === '') return undefined
  return wanted === 'now' ? 'now' : parseTimestamp(wanted, format)
}

interface TimeChange {
  readonly changed: boolean
  readonly before: JsonMap
  readonly after: JsonMap
}

function setTimes(path: string, wanted: WantedTimes, check: boolean): TimeChange {
  const found = lstatSync(path)
  const [atimeNow, mtimeNow] = [found.atimeMs / 1000, found.mtimeMs / 1000]
  const now = Date.now() / 1000
  const atime = wanted.atime === 'now' ? now : (wanted.atime ?? atimeNow)
  const mtime = wanted.mtime === 'now' ? now : (wanted.mtime ?? mtimeNow)
  if (atime === atimeNow && mtime === mtimeNow) return { changed: false, before: {}, after: {} }
  if (!check) utimesSync(path, atime, mtime)
  const before: Record<string, unknown> = {}
  const after: Record<string, unknown> = {}
  if (mtime !== mtimeNow) {
    before['mtime'] = new PythonFloat(mtimeNow)
    after['mtime'] = new PythonFloat(mtime)
  }
  if (atime !== atimeNow) {
    before['atime'] = new PythonFloat(atimeNow)
    after['atime'] = new PythonFloat(atime)
  }
  return { changed: true, before, after }
}
