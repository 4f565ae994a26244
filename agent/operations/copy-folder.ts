/**
 * Copying a folder of this host (`copy` with `remote_src`), in the way of Ansible: `mode` is that of the folder itself, files keep
 * theirs, and of symbolic links only those below the first level come along unless `local_follow` says how.
 */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  lstatSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { attributesFrom, setAttributes } from './attributes.ts'
import { flag, isCheck, neededText } from './arguments.ts'
import { modeText } from './mode.ts'
import type { JsonMap } from './operation.ts'
import { pathInfo } from './path-info.ts'

/** `dest` is the place that the result tells; where the content goes depends on the slash at the end of `src`. */
export async function copyFolder(
  args: JsonMap,
  { source, dest }: { readonly source: string; readonly dest: string },
): Promise<JsonMap> {
  const wanted = neededText(args, 'dest')
  const isContents = source.endsWith('/')
  const target = isContents ? wanted : join(wanted, basename(source))
  const isNewPlace = !existsSync(wanted)
  const links = linksFrom(args)
  const copying: Copying = { args, check: isCheck(args), links }
  let changed = false
  if (!existsSync(target)) {
    const isWhole = isContents || !isNewPlace
    changed = isWhole || copying.check
    if (!copying.check) {
      mkdirSync(target, { recursive: true })
      if (isWhole) copyAll(source, target, links !== 'follow')
    }
  }
  if (existsSync(target)) changed = copyMissing(source, target, copying) || changed
  if (existsSync(target)) changed = (await ownAll(target, copying)) || changed
  const { mode } = attributesFrom(args)
  const own = mode === 'preserve' ? modeText(statSync(source).mode) : mode
  const attributes = { ...attributesFrom(args), mode: own }
  changed = (await setAttributes(dest, attributes, { check: copying.check })).changed || changed
  return { dest, src: source, checksum: null, md5sum: null, changed, ...(await pathInfo(dest)) }
}

interface Copying {
  readonly args: JsonMap
  readonly check: boolean
  readonly links: 'follow' | 'keep' | 'leave'
}

/** Without a word about links, those of the first level stay where they are. */
function linksFrom(args: JsonMap): Copying['links'] {
  if (args['local_follow'] === undefined || args['local_follow'] === null) return 'leave'
  return flag(args, 'local_follow', true) ? 'follow' : 'keep'
}

/** Names that Python's comparison of folders does not see. */
const unseen = new Set(['RCS', 'CVS', 'tags', '.git', '.hg', '.bzr', '_darcs', '__pycache__'])

function copyMissing(source: string, target: string, copying: Copying): boolean {
  let changed = false
  for (const name of readdirSync(source).filter((one) => !unseen.has(one))) {
    const [from, to] = [join(source, name), join(target, name)]
    if (existsSync(to)) changed = copyChanged(from, to, copying) || changed
    else {
      changed = true
      if (!copying.check) copyNew(from, to, copying)
    }
  }
  return changed
}

function copyChanged(from: string, to: string, copying: Copying): boolean {
  const [one, other] = [statSync(from), statSync(to)]
  if (one.isDirectory() && other.isDirectory()) return copyMissing(from, to, copying)
  if (!one.isFile() || !other.isFile() || isSameContent(from, to)) return false
  if (!copying.check) copyWithMode(from, to)
  return true
}

function isSameContent(one: string, other: string): boolean {
  const [before, after] = [statSync(one), statSync(other)]
  if (before.size !== after.size) return false
  return before.mtimeMs === after.mtimeMs || readFileSync(one).equals(readFileSync(other))
}

function copyNew(from: string, to: string, { links }: Copying): void {
  const isLink = lstatSync(from).isSymbolicLink()
  if (isLink && links === 'leave') return
  if (isLink && links === 'keep') return symlinkSync(readlinkSync(from), to)
  if (!existsSync(from)) return // a link that leads nowhere
  if (statSync(from).isDirectory()) {
    mkdirSync(to)
    copyAll(from, to, links !== 'follow')
  } else if (isLink) copyFileSync(from, to)
  else copyWithMode(from, to)
}

/** Everything in a folder into one that is new. */
function copyAll(source: string, target: string, keepsLinks: boolean): void {
  for (const name of readdirSync(source)) {
    const [from, to] = [join(source, name), join(target, name)]
    if (keepsLinks && lstatSync(from).isSymbolicLink()) symlinkSync(readlinkSync(from), to)
    else if (statSync(from).isDirectory()) {
      mkdirSync(to)
      copyAll(from, to, keepsLinks)
    } else copyWithMode(from, to)
  }
  chmodSync(target, statSync(source).mode & 0o7777)
}

function copyWithMode(from: string, to: string): void {
  copyFileSync(from, to)
  chmodSync(to, statSync(from).mode & 0o7777)
}

async function ownAll(path: string, { args, check }: Copying): Promise<boolean> {
  const { owner, group } = attributesFrom(args)
  if (owner === undefined && group === undefined) return false
  const attributes = { owner, group, mode: undefined }
  let { changed } = await setAttributes(path, attributes, { check })
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true })) {
    const whole = join(entry.parentPath, entry.name)
    changed = (await setAttributes(whole, attributes, { check })).changed || changed
  }
  return changed
}
