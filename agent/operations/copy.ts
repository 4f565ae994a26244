import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { attributesFrom, setAttributes, type Attributes } from './attributes.ts'
import { flag, isCheck, isDiff, neededText, text } from './arguments.ts'
import { contentDifference } from './content-difference.ts'
import { modeText } from './mode.ts'
import { CannotDo, type JsonMap, type Operation, type OperationContext } from './operation.ts'
import { pathInfo, stateOf } from './path-info.ts'
import { backUp, replaceFile, runValidation } from './replace-file.ts'
import { digestOf } from './stat.ts'

interface CopyRequest {
  /** The file that holds the content; undefined in check mode without a need to see it. */
  readonly source: string | undefined
  readonly dest: string
  readonly attributes: Attributes
  readonly force: boolean
  readonly backup: boolean
  readonly follow: boolean
  readonly validate: string | undefined
  readonly check: boolean
  readonly diff: boolean
  /** What the result calls the source. */
  readonly shown: string
}

/** `copy`: puts a file in its place, from an upload or from this host (`remote_src`). */
export const copy: Operation = async (args, context) => {
  const source = sourceOf(args, context)
  if (source !== undefined && flag(args, 'remote_src', false) && statSync(source).isDirectory()) {
    return await copyFolder(args, source)
  }
  return await copyFile(requestFrom(args, source))
}

function sourceOf(args: JsonMap, context: OperationContext): string | undefined {
  const upload = text(args, '_upload')
  if (upload !== undefined) {
    const path = context.uploadPath(upload)
    if (path === undefined)
      throw new CannotDo(`the uploaded file ${upload} is not on this host any more`)
    return path
  }
  if (!flag(args, 'remote_src', false)) return undefined
  const src = neededText(args, 'src')
  if (!existsSync(src)) throw new CannotDo(`Source ${src} not found`)
  return src
}

function requestFrom(args: JsonMap, source: string | undefined): CopyRequest {
  const isRemote = flag(args, 'remote_src', false)
  const attributes = attributesFrom(args)
  const isPreserved = attributes.mode === 'preserve'
  const mode = isPreserved ? preservedMode(source, isRemote) : attributes.mode
  const shown = text(args, 'src') ?? source ?? ''
  return {
    source,
    dest: destinationOf(args, isRemote ? shown : (text(args, '_original_basename') ?? '')),
    attributes: { ...attributes, mode },
    force: flag(args, 'force', true),
    backup: flag(args, 'backup', false),
    follow: flag(args, 'follow', false),
    validate: text(args, 'validate'),
    check: isCheck(args),
    diff: isDiff(args),
    shown,
  }
}

function preservedMode(source: string | undefined, isRemote: boolean): unknown {
  return isRemote && source !== undefined ? modeText(statSync(source).mode) : undefined
}

/** Into a folder goes a file of the source's name; a slash at the end makes the folder. */
function destinationOf(args: JsonMap, sourceName: string): string {
  const dest = neededText(args, 'dest')
  const isFolder = dest.endsWith('/') || isDirectory(dest)
  const makesParents = dest.endsWith('/') || flag(args, '_make_parents', false)
  const path = isFolder && sourceName !== '' ? join(dest, basename(sourceName)) : dest
  if (makesParents && !isCheck(args)) mkdirSync(dirname(path), { recursive: true })
  return path
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

async function copyFile(request: CopyRequest): Promise<JsonMap> {
  const dest =
    request.follow && existsSync(request.dest) ? realpathSync(request.dest) : request.dest
  const previous = stateOf(dest)
  checkPlace(dest, request)
  if (previous !== 'absent' && !request.force) {
    const info = await pathInfo(dest)
    return { dest, src: request.shown, changed: false, msg: 'file already exists', ...info }
  }
  const { source, check } = request
  if (source === undefined)
    return { dest, src: request.shown, changed: true, ...(await pathInfo(dest)) }
  const checksum = await digestOf(source)
  const isSame = existsSync(dest) && (await digestOf(dest)) === checksum
  const diff =
    request.diff && !isSame ? { diff: await contentDifference(dest, source, request.shown) } : {}
  const validation =
    !isSame && !check && request.validate ? await runValidation(request.validate, source) : {}
  const backup = !isSame && !check && request.backup ? backUp(dest) : {}
  if (!isSame && !check) await replaceFile(source, dest)
  const change = await setAttributes(dest, request.attributes, { check })
  return {
    dest,
    src: request.shown,
    md5sum: await digestOf(source, 'md5'),
    checksum,
    changed: !isSame || change.changed,
    ...diff,
    ...validation,
    ...backup,
    ...(await pathInfo(dest)),
  }
}

function checkPlace(dest: string, { check, shown }: CopyRequest): void {
  const folder = dirname(dest)
  if (!existsSync(folder)) {
    if (check) return
    throw new CannotDo(`Destination directory ${folder} does not exist`, { dest, src: shown })
  }
  if (isDirectory(dest) && !lstatSync(dest).isSymbolicLink()) {
    throw new CannotDo(`can not copy a file over the directory ${dest}`, { dest, src: shown })
  }
  try {
    accessSync(folder, constants.W_OK)
  } catch {
    throw new CannotDo(`Destination ${folder} not writable`, { dest, src: shown })
  }
}

/** A folder of this host: with a slash at the end of `src` only what is in it. */
async function copyFolder(args: JsonMap, source: string): Promise<JsonMap> {
  const dest = neededText(args, 'dest')
  const target = source.endsWith('/') ? dest : join(dest, basename(source))
  const changed = await copyTree(source, target, { ...args, follow: false })
  const info = await pathInfo(target)
  return {
    dest: target.replace(/\/$/u, ''),
    src: source,
    checksum: null,
    md5sum: null,
    changed,
    ...info,
  }
}

async function copyTree(source: string, target: string, args: JsonMap): Promise<boolean> {
  let changed = !existsSync(target)
  const check = isCheck(args)
  if (changed && !check) mkdirSync(target, { recursive: true })
  const { owner, group } = attributesFrom(args)
  const mode = args['directory_mode'] ?? undefined
  if (!check)
    changed = (await setAttributes(target, { owner, group, mode }, { check })).changed || changed
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)]
    if (entry.isDirectory()) changed = (await copyTree(from, to, args)) || changed
    else if (statSync(from).isFile()) {
      const result = await copyFile(requestFrom({ ...args, src: from, dest: to }, from))
      changed = result['changed'] === true || changed
    }
  }
  return changed
}
