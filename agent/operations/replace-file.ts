/** Putting new content in a file's place, such that every reader sees the old or the new. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  constants,
  copyFileSync,
  existsSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { copyFile, open } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { CannotDo } from './cannot-do.ts'
import type { JsonMap } from './operation.ts'

/** Copies `source` beside `dest` and renames it over. An existing file's owner and mode stay; a new one is as the umask says. */
export async function replaceFile(source: string, dest: string): Promise<void> {
  const draft = join(
    dirname(dest),
    `.${basename(dest).slice(0, 100)}.${randomBytes(6).toString('hex')}.errand-tmp`,
  )
  try {
    await copyFile(source, draft)
    likeBefore(draft, dest)
    await syncFile(draft)
    renameSync(draft, dest)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = code === 'ENOSPC' ? 'the disk is full' : message
    throw new CannotDo(`Could not replace file: ${source} to ${dest}: ${why}`)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** A link becomes an empty file of its own, as the umask says. */
export function becomeOwn(path: string): void {
  unlinkSync(path)
  writeFileSync(path, '')
}

function likeBefore(draft: string, dest: string): void {
  if (!existsSync(dest)) {
    chmodSync(draft, 0o666 & ~process.umask())
    return
  }
  const { mode, uid, gid } = statSync(dest)
  chmodSync(draft, mode & 0o7777)
  try {
    chownSync(draft, uid, gid)
    chmodSync(draft, mode & 0o7777) // chown takes the set-id bits away
  } catch {
    // Not root: the file becomes its writer's, as with Ansible.
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Keeps what is there under a name with process and time, as Ansible names it. */
export function backUp(dest: string): JsonMap {
  if (!existsSync(dest)) return {}
  const backup = `${dest}.${process.pid}.${backupTime(new Date())}~`
  const { mode, uid, gid, atime, mtime } = statSync(dest)
  copyWhole(dest, backup)
  chmodSync(backup, mode & 0o7777)
  try {
    chownSync(backup, uid, gid)
  } catch {
    // Not root.
  }
  utimesSync(backup, atime, mtime)
  return { backup_file: backup }
}

function copyWhole(from: string, to: string): void {
  try {
    copyFileSync(from, to, constants.COPYFILE_EXCL)
  } catch (error) {
    throw new CannotDo(`Could not make backup of ${from} to ${to}: ${(error as Error).message}`)
  }
}

/** `2026-11-24@05:30:00`, local time. */
export function backupTime(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day}@${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}

/**
 * Asks a program about the new content before it goes into place.
 *
 * @param command With `%s` where the file's path goes.
 * @throws {CannotDo} when the program says no.
 */
export async function runValidation(command: string, source: string): Promise<void> {
  if (!command.includes('%s')) throw new CannotDo(`validate must contain %s: ${command}`)
  const words = splitWords(command.replaceAll('%s', source))
  const [program = '', ...rest] = words
  const { code, stdout, stderr } = await runProgram(program, rest)
  if (code === 0) return
  throw new CannotDo('failed to validate', { exit_status: code, stdout, stderr })
}

function runProgram(program: string, argv: readonly string[]) {
  return new Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>(
    (resolve) => {
      execFile(program, [...argv], { maxBuffer: 1024 * 1024 }, (error, stdout, stderr) => {
        const isNotRun = error && typeof error.code !== 'number'
        const code = error ? (typeof error.code === 'number' ? error.code : 2) : 0
        resolve({ code, stdout, stderr: isNotRun ? error.message : stderr })
      })
    },
  )
}

/** Words as a shell splits them: quotes and backslashes, nothing else. */
export function splitWords(text: string): readonly string[] {
  const words: string[] = []
  for (const [word] of text.matchAll(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/gsu)) {
    words.push(
      word.replace(
        /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/gsu,
        (_all, escaped?: string, double?: string, single?: string) =>
          escaped ?? single ?? (double ?? '').replace(/\\(["\\$`])/gu, '$1'),
      ),
    )
  }
  return words
}
