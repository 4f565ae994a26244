import { readFileSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { newMap, type ValueMap } from '../../proto/value.ts'
import { asMoment, localTime } from '../template/python/datetime.ts'
import { strFormat } from '../template/python/str-format.ts'
import { strftime } from '../template/python/strftime.ts'

/** A template file, as its own text may speak of it. */
export interface TemplateFile {
  /** As the play names it. */
  readonly name: string
  /** Absolute. */
  readonly path: string
  /** Undefined where it becomes no file. */
  readonly dest: string | undefined
  /** The setting ansible_managed. */
  readonly managed: string
  readonly nowMs: number
}

/**
 * The names that only a template file sees.
 *
 * @throws {TemplateError} for a setting that Python's `format` would refuse.
 */
export function templateVars(file: TemplateFile): ValueMap {
  const { mtimeMs, uid: ownerId } = statSync(file.path)
  const host = hostname()
  const uid = ownerName(ownerId)
  const names = new Map([
    ['host', host],
    ['uid', uid],
    ['file', file.name],
  ])
  const changed = localTime(Math.floor(mtimeMs))
  const managed = strFormat(file.managed, { positional: [], named: names })
  return newMap([
    ['ansible_managed', strftime(managed, changed, { hasZone: true })],
    ['template_host', host],
    ['template_uid', uid],
    ['template_path', file.name],
    ['template_fullpath', file.path],
    ['template_destpath', file.dest ?? null],
    ['template_mtime', asMoment(changed)],
    ['template_run_date', asMoment(localTime(file.nowMs))],
  ])
}

/** The account of a user id; the number where there is none. */
function ownerName(uid: number): string {
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n')
  return accounts.map((line) => line.split(':')).find((f) => f[2] === String(uid))?.[0] ?? `${uid}`
}
