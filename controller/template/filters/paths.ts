import { posix, win32 } from 'node:path'
import type { CallContext } from '../call-context.ts'
import { define } from '../define.ts'
import { type Datum, isSequence, tuple } from '../python/datum.ts'
import { iterate } from '../python/iterate.ts'
import { typeError, valueError } from '../python/python-error.ts'
import { pathText } from '../python/path-text.ts'
import { typeName } from '../python/types.ts'
import type { Table } from '../registry.ts'
import { globFiles } from './glob.ts'

/** Filters on paths: of the controller where they look at files, of no machine where they only cut text. */
export const pathFilters: Table<Datum> = {
  basename: define('', (value) => pathText(value).split('/').at(-1) ?? ''),
  dirname: define('', (value) => dirname(pathText(value))),
  splitext: define('', (value) => tuple(splitExtension(pathText(value)))),
  path_join: define('', (value) => {
    if (typeof value === 'string') return value
    if (isSequence(value)) return joinPaths(value.map((part) => pathText(part)))
    throw typeError(
      `|path_join expects string or sequence, got <class '${typeName(value)}'> instead.`,
    )
  }),
  normpath: define('', (value) => normalize(pathText(value))),
  realpath: define('', (value, _args, { world: { files } }) =>
    files.realPath(posix.resolve(files.workingFolder(), pathText(value))),
  ),
  relpath: define('start', (value, [start = null], { world: { files } }) => {
    const here = files.workingFolder()
    const from = start === null ? here : posix.resolve(here, pathText(start))
    const relative = posix.relative(from, posix.resolve(here, pathText(value)))
    return relative === '' ? '.' : relative
  }),
  expanduser: define('', (value, _args, context) => expandUser(pathText(value), context)),
  expandvars: define('', (value, _args, { world: { files } }) =>
    pathText(value).replace(
      /\$(?:(\w+)|\{([^}]*)\})/gu,
      (whole, bare?: string, braced?: string) => files.environment(bare ?? braced ?? '') ?? whole,
    ),
  ),
  fileglob: define('', (value, _args, { world: { files } }) =>
    globFiles(subscriptable(value), files),
  ),
  commonpath: define('', (value) => commonPath(iterate(value).map((path) => pathText(path)))),
  win_basename: define('', (value) => pathText(value).split(/[\\/]/u).at(-1) ?? ''),
  win_dirname: define('', (value) => windowsFolder(pathText(value))),
  win_splitdrive: define('', (value) => {
    const text = pathText(value)
    const drive = /^(?:[A-Za-z]:|[\\/]{2}[^\\/]+[\\/][^\\/]+)/u.exec(text)?.[0] ?? ''
    return tuple([drive, text.slice(drive.length)])
  }),
}

function subscriptable(value: Datum): string {
  if (typeof value === 'string') return value
  throw typeError(`'${typeName(value)}' object is not subscriptable`)
}

function dirname(path: string): string {
  const head = path.slice(0, path.lastIndexOf('/') + 1)
  return /^\/*$/u.test(head) ? head : head.replace(/\/+$/u, '')
}

function splitExtension(path: string): readonly [string, string] {
  const start = path.lastIndexOf('/') + 1
  const name = path.slice(start)
  const dot = name.lastIndexOf('.')
  if (dot < 0 || /^\.*$/u.test(name.slice(0, dot))) return [path, '']
  return [path.slice(0, start + dot), name.slice(dot)]
}

function joinPaths(parts: readonly string[]): string {
  const [first, ...rest] = parts
  if (first === undefined) throw typeError("join() missing 1 required positional argument: 'a'")
  return rest.reduce((path, part) => {
    if (part.startsWith('/')) return part
    return path === '' || path.endsWith('/') ? path + part : `${path}/${part}`
  }, first)
}

function normalize(path: string): string {
  if (path === '') return '.'
  const doubled = path.startsWith('//') && !path.startsWith('///') ? '/' : ''
  const clean = posix.normalize(path)
  return doubled + (clean.length > 1 ? clean.replace(/\/+$/u, '') : clean)
}

function expandUser(path: string, { world: { files } }: CallContext): string {
  const [, user] = /^~([^/]*)/u.exec(path) ?? []
  if (user === undefined) return path
  const home = files.homeOf(user === '' ? undefined : user)
  return home === undefined ? path : home.replace(/\/+$/u, '') + path.slice(user.length + 1)
}

function commonPath(paths: readonly string[]): string {
  if (paths.length === 0) throw valueError('commonpath() arg is an empty sequence')
  const isAbsolute = paths.map((path) => path.startsWith('/'))
  if (new Set(isAbsolute).size > 1) throw valueError("Can't mix absolute and relative paths")
  const parts = paths.map((path) => path.split('/').filter((part) => part !== '' && part !== '.'))
  const [first = []] = parts
  const end = first.findIndex((part, place) => parts.some((other) => other[place] !== part))
  return (
    (isAbsolute[0] === true ? '/' : '') + first.slice(0, end < 0 ? first.length : end).join('/')
  )
}

function windowsFolder(path: string): string {
  const root = win32.parse(path).root
  const head = path.slice(0, Math.max(root.length, path.search(/[^\\/]*$/u)))
  return head === root ? head : head.replace(/[\\/]+$/u, '')
}
