import {
  existsSync,
  linkSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setAttributes } from './attributes.ts'
import type { FileRequest } from './file-request.ts'
import { CannotDo } from './cannot-do.ts'
import type { JsonMap } from './operation.ts'

/** state=link. */
export async function makeLink(request: FileRequest): Promise<JsonMap> {
  const { path: dest, previous } = request
  const src = request.src ?? sourceThere(request)
  checkSource(request, src)
  checkPlace(request)
  const old = previous === 'link' ? readlinkSync(dest) : undefined
  const change =
    old === src ? undefined : { before: beforeOf(request, old), after: afterOf(previous, src) }
  if (change && !request.check) replace(dest, previous, (draft) => symlinkSync(src, draft))
  const attributes = await attributesBehind(request)
  return {
    dest,
    // A link that is not followed is not read either.
    src: request.src ?? (request.follow ? src : null),
    changed: change !== undefined || attributes.changed,
    diff: {
      before: { path: dest, ...change?.before, ...attributes.before },
      after: { path: dest, ...change?.after, ...attributes.after },
    },
    ...(attributes.warnings ? { warnings: attributes.warnings } : {}),
  }
}

/** Without `src`, the link that is there is meant. */
function sourceThere({ previous, path }: FileRequest): string {
  if (previous === 'link') return readlinkSync(path)
  throw new CannotDo('src is required for creating new symlinks')
}

function checkSource({ path, previous, force, src: asked }: FileRequest, src: string): void {
  const from = previous === 'directory' ? path : dirname(path)
  const target = src.startsWith('/') ? src : join(from, src)
  if (force || existsSync(target)) return
  throw new CannotDo(
    `src file does not exist, use "force=yes" if you really want to create the link: ${target}`,
    { path, src: asked ?? src },
  )
}

function checkPlace({ path, previous, force }: FileRequest): void {
  if (previous === 'absent' || previous === 'link') return
  if (!force) {
    throw new CannotDo(`refusing to convert from ${previous} to symlink for ${path}`)
  }
  if (previous === 'directory' && readdirSync(path).length > 0) {
    throw new CannotDo(`the directory ${path} is not empty, refusing to convert it`)
  }
}

function beforeOf({ previous }: FileRequest, old: string | undefined): JsonMap {
  return old === undefined ? { state: previous } : { src: old }
}

function afterOf(previous: string, src: string): JsonMap {
  return previous === 'link' ? { src } : { state: 'link' }
}

interface Behind {
  readonly changed: boolean
  readonly before: JsonMap
  readonly after: JsonMap
  readonly warnings?: readonly string[]
}

/** Attributes are those of what the link leads to, when it is followed. */
async function attributesBehind(request: FileRequest): Promise<Behind> {
  const { path, attributes, check, follow } = request
  if (check && !existsSync(path)) return { changed: false, before: {}, after: {} }
  if (!follow) return await setAttributes(path, attributes, { check })
  if (existsSync(path)) return await setAttributes(realpathSync(path), attributes, { check })
  const warning =
    'Cannot set fs attributes on a non-existent symlink target. follow should be set to False to avoid this.'
  return { changed: false, before: {}, after: {}, warnings: [warning] }
}

/** state=hard. */
export async function makeHardLink(request: FileRequest): Promise<JsonMap> {
  const { path: dest, previous, check } = request
  const { src } = request
  if (src === undefined && previous === 'absent') {
    throw new CannotDo('src is required for creating new hardlinks')
  }
  if (src !== undefined && !existsSync(src)) throw new CannotDo('src does not exist', { dest, src })
  const isThere = src === undefined || isSameFile(src, dest, previous)
  if (src !== undefined && !isThere) {
    checkHardPlace(request)
    if (!check) replace(dest, previous, (draft) => linkSync(src, draft))
  }
  const states = isThere ? [{}, {}] : [{ state: previous }, { state: 'hard' }]
  if (check && previous === 'absent') return hardResult({ dest, src, changed: true }, states)
  const change = await setAttributes(dest, request.attributes, { check })
  return hardResult({ dest, src, changed: !isThere || change.changed }, [
    { ...states[0], ...change.before },
    { ...states[1], ...change.after },
  ])
}

function hardResult(
  {
    dest,
    src,
    changed,
  }: { readonly dest: string; readonly src: string | undefined; readonly changed: boolean },
  [before, after]: readonly JsonMap[],
): JsonMap {
  const diff = { before: { path: dest, ...before }, after: { path: dest, ...after } }
  return { dest, src: src ?? null, changed, diff }
}

function isSameFile(src: string, dest: string, previous: string): boolean {
  if (previous !== 'hard' && previous !== 'file') return false
  const [one, other] = [statSync(src), statSync(dest)]
  return one.ino === other.ino && one.dev === other.dev
}

function checkHardPlace({ path: dest, previous, force, src }: FileRequest): void {
  if (previous === 'hard' && !force) {
    throw new CannotDo('Cannot link, different hard link exists at destination', { dest, src })
  }
  if (previous === 'file' && !force) {
    throw new CannotDo(`Cannot link, ${previous} exists at destination`, { dest, src })
  }
  if (previous === 'directory')
    throw new CannotDo(`Cannot link, directory exists at destination`, { dest, src })
}

/** Made beside the place and renamed over it, so that something is there at every moment. */
function replace(dest: string, previous: string, make: (draft: string) => void): void {
  if (previous === 'directory') rmdirSync(dest)
  if (previous === 'absent' || previous === 'directory') return make(dest)
  const draft = join(dirname(dest), `.${process.pid}.${Date.now()}.errand-tmp`)
  make(draft)
  try {
    renameSync(draft, dest)
  } finally {
    rmSync(draft, { force: true })
  }
}
