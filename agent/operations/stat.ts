import { createHash } from 'node:crypto'
import {
  constants,
  createReadStream,
  accessSync,
  lstatSync,
  readlinkSync,
  realpathSync,
  statSync,
  type BigIntStats,
} from 'node:fs'
import { execFile } from 'node:child_process'
import { dirname, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { flag, neededText, text } from './arguments.ts'
import { modeText } from './mode.ts'
import { systemWords } from '../jobs/find-program.ts'
import { nameOf } from './names.ts'
import { CannotDo } from './cannot-do.ts'
import type { JsonMap, Operation } from './operation.ts'
import { PythonFloat } from './python-float.ts'

/** `stat`: what is known of a path. */
export const stat: Operation = async (args) => {
  const path = neededText(args, 'path')
  const follow = flag(args, 'follow', false)
  const found = read(path, follow)
  if (!found) return { changed: false, stat: { exists: false } }
  return {
    changed: false,
    stat: { ...(await fields(path, found)), ...(await more(args, path, found)) },
  }
}

function read(path: string, follow: boolean): BigIntStats | undefined {
  try {
    return follow ? statSync(path, { bigint: true }) : lstatSync(path, { bigint: true })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new CannotDo(systemWords(code) ?? (error as Error).message)
  }
}

async function fields(path: string, found: BigIntStats): Promise<JsonMap> {
  const mode = Number(found.mode)
  const has = (bit: number) => (mode & bit) !== 0
  return {
    exists: true,
    path,
    mode: modeText(mode),
    isdir: found.isDirectory(),
    ischr: found.isCharacterDevice(),
    isblk: found.isBlockDevice(),
    isreg: found.isFile(),
    isfifo: found.isFIFO(),
    islnk: found.isSymbolicLink(),
    issock: found.isSocket(),
    uid: Number(found.uid),
    gid: Number(found.gid),
    size: Number(found.size),
    inode: Number(found.ino),
    dev: Number(found.dev),
    nlink: Number(found.nlink),
    atime: secondsOf(found.atimeNs),
    mtime: secondsOf(found.mtimeNs),
    ctime: secondsOf(found.ctimeNs),
    wusr: has(0o200),
    rusr: has(0o400),
    xusr: has(0o100),
    wgrp: has(0o020),
    rgrp: has(0o040),
    xgrp: has(0o010),
    woth: has(0o002),
    roth: has(0o004),
    xoth: has(0o001),
    isuid: has(0o4000),
    isgid: has(0o2000),
    blocks: Number(found.blocks),
    block_size: Number(found.blksize),
    device_type: Number(found.rdev),
    readable: may(path, constants.R_OK),
    writeable: may(path, constants.W_OK),
    executable: may(path, constants.X_OK),
    ...(found.isSymbolicLink() ? linkFields(path) : {}),
    ...named('pw_name', await nameOf('passwd', Number(found.uid))),
    ...named('gr_name', await nameOf('group', Number(found.gid))),
  }
}

function named(key: string, name: string | undefined): JsonMap {
  return name === undefined ? {} : { [key]: name }
}

function linkFields(path: string): JsonMap {
  const target = readlinkSync(path)
  return { lnk_source: resolved(path), lnk_target: target }
}

function resolved(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return resolve(dirname(path), readlinkSync(path)) // leads nowhere
  }
}

/** Seconds with what a double holds of the rest, as Python has them. */
function secondsOf(ns: bigint): PythonFloat {
  return new PythonFloat(Number(ns / 1_000_000_000n) + 1e-9 * Number(ns % 1_000_000_000n))
}

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}

async function more(args: JsonMap, path: string, found: BigIntStats): Promise<JsonMap> {
  const isReadable = found.isFile() && may(path, constants.R_OK)
  const wants = (name: string, byDefault: boolean) => isReadable && flag(args, name, byDefault)
  const algorithm = text(args, 'checksum_algorithm') ?? 'sha1'
  return {
    ...(wants('get_md5', false) ? { md5: await digestOf(path, 'md5') } : {}),
    ...(wants('get_checksum', true) ? { checksum: await digestOf(path, algorithm) } : {}),
    ...(flag(args, 'get_mime', true) ? await mimeOf(path, found) : {}),
    ...(flag(args, 'get_attributes', true) ? await attributesOf(path) : {}),
  }
}

/** The checksum of a file in hex, one piece in memory at a time. */
export async function digestOf(path: string, algorithm = 'sha1'): Promise<string> {
  const hash = createHash(algorithm)
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

const run = promisify(execFile)

/** Names of the flags of a file on ext4 and its like, as lsattr prints them. */
const flagNames: Readonly<Record<string, string>> = {
  A: 'noatime',
  a: 'append',
  c: 'compressed',
  C: 'nocow',
  d: 'nodump',
  D: 'dirsync',
  e: 'extents',
  E: 'encrypted',
  h: 'blocksize',
  i: 'immutable',
  I: 'indexed',
  j: 'journalled',
  N: 'inline',
  s: 'zero',
  S: 'synchronous',
  t: 'notail',
  T: 'blockroot',
  u: 'undelete',
  X: 'compressedraw',
  Z: 'compresseddirty',
}

/** As the program lsattr says, where there is one and the file system has such flags. */
async function attributesOf(path: string): Promise<JsonMap> {
  const none = { version: null, attributes: [], attr_flags: '' }
  try {
    const { stdout } = await run('lsattr', ['-vd', path], { timeout: 10_000 })
    const [version, flags] = stdout.trim().split(/\s+/u)
    if (version === undefined || flags === undefined) return none
    const set = flags.replaceAll('-', '')
    return {
      version,
      attributes: set.split('').map((letter) => flagNames[letter] ?? letter),
      attr_flags: set,
    }
  } catch {
    return none
  }
}

/** As the program `file` says, where there is one. */
async function mimeOf(path: string, found: BigIntStats): Promise<JsonMap> {
  if (!may(path, constants.R_OK)) return { mimetype: 'unknown', charset: 'unknown' }
  if (found.isDirectory()) return { mimetype: 'inode/directory', charset: 'binary' }
  if (found.isSymbolicLink()) return { mimetype: 'inode/symlink', charset: 'binary' }
  try {
    const { stdout } = await run('file', ['--mime-type', '--mime-encoding', '--', path], {
      timeout: 10_000,
    })
    const [, mimetype, charset] = /: *([^:;]+); charset=(\S+)\s*$/u.exec(stdout) ?? []
    if (mimetype !== undefined && charset !== undefined) return { mimetype, charset }
  } catch {
    // Not installed: Ansible says unknown then, too.
  }
  return { mimetype: 'unknown', charset: 'unknown' }
}
