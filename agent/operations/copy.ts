import { accessSync, constants, existsSync, lstatSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { attributesFrom, setAttributes, type Attributes } from './attributes.ts'
import { flag, isCheck, isDiff, neededText, text } from './arguments.ts'
import { contentDifference } from './content-difference.ts'
import { copyFolder } from './copy-folder.ts'
import { madeParents } from './make-parents.ts'
import { modeText } from './mode.ts'
import { CannotDo } from './cannot-do.ts'
import type { JsonMap, Operation, OperationContext } from './operation.ts'
import { pathInfo } from './path-info.ts'
import { backUp, becomeOwn, replaceFile, runValidation } from './replace-file.ts'
import { digestOf } from './stat.ts'

/** `copy`: puts a file in its place, from an upload or from this host (`remote_src`). */
export const copy: Operation = async (args, context) => {
  const source = sourceOf(args, context)
  await checkSource(args, source)
  const parents = await parentsOf(args, source?.shown ?? '')
  if (parents !== undefined) return parents
  const place = placeOf(args, source?.shown ?? '')
  if (source?.isFolder) return await copyFolder(args, { source: source.path, dest: place })
  return await copyFile(args, { source, dest: place })
}

interface Source {
  readonly path: string
  /** What the result calls it. */
  readonly shown: string
  readonly isFolder: boolean
}

/** Undefined in check mode without a need to see it. */
function sourceOf(args: JsonMap, context: OperationContext): Source | undefined {
  const upload = text(args, '_upload')
  if (upload !== undefined) {
    const path = context.uploadPath(upload)
    if (path === undefined)
      throw new CannotDo(`the uploaded file ${upload} is not on this host any more`)
    return { path, shown: path, isFolder: false }
  }
  if (!flag(args, 'remote_src', false)) return undefined
  const path = neededText(args, 'src')
  if (!existsSync(path)) throw new CannotDo(`Source ${path} not found`)
  const kind = statSync(path)
  if (!kind.isFile() && !kind.isDirectory())
    throw new CannotDo(`Cannot copy invalid source '${path}': not a file`)
  return { path, shown: path, isFolder: kind.isDirectory() }
}

async function checkSource(args: JsonMap, source: Source | undefined): Promise<void> {
  const expected = text(args, 'checksum')
  if (expected === undefined || source === undefined) return
  const checksum = source.isFolder ? null : await digestOf(source.path)
  if (checksum === expected) return
  throw new CannotDo('Copied file does not match the expected checksum. Transfer failed.', {
    checksum,
    expected_checksum: expected,
  })
}

/** A slash at the end of `dest` makes the folders on the way; check mode says so of the host's own files, and goes on. */
async function parentsOf(args: JsonMap, src: string): Promise<JsonMap | undefined> {
  const folder = dirname(pathBelow(args))
  if (!neededText(args, 'dest').endsWith('/') || existsSync(folder)) return undefined
  if (isCheck(args) && !flag(args, 'remote_src', false)) return undefined
  if (isCheck(args)) return { msg: `dest directory ${folder} would be created`, changed: true, src }
  const { owner, group } = attributesFrom(args)
  await madeParents(folder, { owner, group, mode: args['directory_mode'] ?? undefined })
  return undefined
}

/** Where the file would be, could the slash at the end of `dest` be believed. */
function pathBelow(args: JsonMap): string {
  const dest = neededText(args, 'dest')
  const name = text(args, '_original_basename') ?? ''
  return name === '' ? `${dest}.` : join(dest, name)
}

/** Into a folder goes a file of the source's name. */
function placeOf(args: JsonMap, source: string): string {
  const named = text(args, '_original_basename') ?? ''
  const given = neededText(args, 'dest')
  const dest = given.includes('/') ? given : `./${given}`
  const path = dest.endsWith('/') && named !== '' ? join(dest, named) : dest
  if (!isDirectory(path)) return path
  const name = named !== '' ? named : (source.split('/').at(-1) ?? '')
  return `${path.replace(/\/+$/u, '')}/${name}`
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

interface Placed {
  readonly source: Source | undefined
  readonly dest: string
}

async function copyFile(args: JsonMap, { source, dest: asked }: Placed): Promise<JsonMap> {
  const dest = flag(args, 'follow', false) && existsSync(asked) ? realpathSync(asked) : asked
  const shown = source?.shown ?? ''
  if (existsSync(dest) && !flag(args, 'force', true)) {
    const info = await pathInfo(dest)
    return { dest, src: shown, changed: false, msg: 'file already exists', ...info }
  }
  // In check mode the folder may be one that an earlier task would have made: Ansible does not look for it.
  if (!isCheck(args) || flag(args, 'remote_src', false)) checkPlace(dest)
  if (source === undefined) return { dest, src: shown, changed: true, ...(await pathInfo(dest)) }
  const checksum = await digestOf(source.path)
  const isLink = isSymbolicLink(dest)
  const isSame = !isLink && existsSync(dest) && (await digestOf(dest)) === checksum
  const attributes = await attributesOf(args, source)
  const told = isSame ? {} : await put(args, { source, dest, attributes, isLink })
  const change = await setAttributes(dest, attributes, { check: isCheck(args) })
  return {
    dest,
    src: shown,
    md5sum: await digestOf(source.path, 'md5'),
    checksum,
    changed: !isSame || change.changed,
    ...told,
    ...(await pathInfo(dest)),
  }
}

/** `mode: preserve` is the mode of this host's file; that of the controller's is settled there. */
async function attributesOf(args: JsonMap, source: Source): Promise<Attributes> {
  const attributes = attributesFrom(args)
  if (attributes.mode !== 'preserve') return attributes
  const isRemote = flag(args, 'remote_src', false)
  return { ...attributes, mode: isRemote ? modeText(statSync(source.path).mode) : undefined }
}

interface Putting {
  readonly source: Source
  readonly dest: string
  readonly attributes: Attributes
  readonly isLink: boolean
}

/** Brings the content into its place, and tells the difference, the backup. */
async function put(args: JsonMap, { source, dest, attributes, isLink }: Putting): Promise<JsonMap> {
  // What comes from the host itself is told without a difference.
  const isTold = isDiff(args) && !flag(args, 'remote_src', false)
  const diff = isTold ? { diff: await contentDifference(dest, source.path, source.shown) } : {}
  if (isCheck(args)) return diff
  const backup = flag(args, 'backup', false) && existsSync(dest) ? backUp(dest) : {}
  // A link gives way to a file that has nothing of what it led to.
  if (isLink) becomeOwn(dest)
  const validate = text(args, 'validate')
  if (validate !== undefined) {
    // A validation may need the attributes that the file is going to have.
    if (!flag(args, 'remote_src', false))
      await setAttributes(source.path, attributes, { check: false })
    await runValidation(validate, source.path)
  }
  await replaceFile(source.path, dest)
  return { ...diff, ...backup }
}

function isSymbolicLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink()
  } catch {
    return false
  }
}

function checkPlace(dest: string): void {
  const folder = dirname(dest)
  if (!existsSync(folder)) throw new CannotDo(`Destination directory ${folder} does not exist`)
  try {
    accessSync(folder, constants.W_OK)
  } catch {
    throw new CannotDo(`Destination ${folder} not writable`)
  }
}
