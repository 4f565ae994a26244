import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { resolve } from 'node:path'

/** What looking for a program came to. */
export type ProgramSearch =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'missing'; readonly errno: 'ENOENT' | 'EACCES'; readonly message: string }

/** Looks for argv[0] as execvp does: on the PATH when it has no slash, else from `cwd`. */
export async function findProgram(
  name: string,
  { path, cwd }: { readonly path: string; readonly cwd: string },
): Promise<ProgramSearch> {
  const places = name.includes('/') ? [''] : path.split(':')
  let isForbidden = false
  for (const place of places) {
    const file = resolve(cwd, place, name)
    const kind = await look(file)
    if (kind === 'program') return { kind: 'found', path: file }
    if (kind === 'forbidden') isForbidden = true
  }
  return isForbidden ? missing('EACCES', name) : missing('ENOENT', name)
}

async function look(file: string): Promise<'program' | 'forbidden' | 'absent'> {
  try {
    const found = await stat(file)
    if (found.isDirectory()) return 'forbidden'
    if ((found.mode & 0o111) === 0) return 'forbidden'
    await access(file, constants.F_OK)
    return 'program'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'forbidden' : 'absent'
  }
}

function missing(errno: 'ENOENT' | 'EACCES', name: string): ProgramSearch {
  return { kind: 'missing', errno, message: pythonErrno(errno, name) }
}

const numbers = {
  ENOENT: 2,
  EACCES: 13,
  ENOTDIR: 20,
  E2BIG: 7,
  EPERM: 1,
  EBUSY: 16,
  EEXIST: 17,
  EISDIR: 21,
  ENOSPC: 28,
  EROFS: 30,
  ENAMETOOLONG: 36,
  ENOTEMPTY: 39,
  ELOOP: 40,
} as const
const words = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  ENOTDIR: 'Not a directory',
  E2BIG: 'Argument list too long',
  EPERM: 'Operation not permitted',
  EBUSY: 'Device or resource busy',
  EEXIST: 'File exists',
  EISDIR: 'Is a directory',
  ENOSPC: 'No space left on device',
  EROFS: 'Read-only file system',
  ENAMETOOLONG: 'File name too long',
  ENOTEMPTY: 'Directory not empty',
  ELOOP: 'Too many levels of symbolic links',
} as const

/** An error with a file as Python writes it, which is what Ansible shows: `[Errno 2] No such file or directory: b'x'`. */
export function pythonErrno(errno: keyof typeof words, name: string): string {
  return `[Errno ${numbers[errno]}] ${words[errno]}: ${pythonBytes(name)}`
}

/** What the system says for an error number, without the file. */
export function systemWords(errno: string | undefined): string | undefined {
  return errno !== undefined && isPythonErrno(errno) ? words[errno] : undefined
}

/** The words of an error number alone, where Python would have them. */
export function isPythonErrno(errno: string): errno is keyof typeof words {
  return Object.hasOwn(words, errno)
}

/** A text as Python writes bytes: `b'x'`. */
function pythonBytes(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  let body = ''
  for (const byte of Buffer.from(text, 'utf8')) {
    const character = String.fromCharCode(byte)
    if (character === quote || character === '\\') body += `\\${character}`
    else if (byte < 0x20 || byte > 0x7e) body += escapeByte(byte)
    else body += character
  }
  return `b${quote}${body}${quote}`
}

function escapeByte(byte: number): string {
  if (byte === 0x0a) return '\\n'
  if (byte === 0x0d) return '\\r'
  if (byte === 0x09) return '\\t'
  return `\\x${byte.toString(16).padStart(2, '0')}`
}
