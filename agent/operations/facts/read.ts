/** Reading what the kernel and the system's files say; what is not there is simply not told. */
import { execFile } from 'node:child_process'
import { accessSync, constants, opendirSync, readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Facts by name, without the prefix. */
export type Facts = { readonly [name: string]: unknown }

/** A file's text without blanks around it; undefined when it cannot be read. */
export function content(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}

/** The names in a folder, sorted; none when it cannot be read. */
export function names(dir: string): readonly string[] {
  try {
    return readdirSync(dir).sort()
  } catch {
    return []
  }
}

/** The names in a folder in the order in which the system has them, as Python lists them; none when it cannot be read. */
export function unsortedNames(dir: string): readonly string[] {
  const found: string[] = []
  try {
    const open = opendirSync(dir)
    try {
      for (let entry = open.readSync(); entry !== null; entry = open.readSync())
        found.push(entry.name)
    } finally {
      open.closeSync()
    }
  } catch {
    return []
  }
  return found
}

/** Whether something is at `path` for us. */
export function isThere(path: string): boolean {
  try {
    accessSync(path)
    return true
  } catch {
    return false
  }
}

const programDirs = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** Where a program is; undefined when there is none. */
export function findTool(name: string): string | undefined {
  return programDirs.map((dir) => `${dir}/${name}`).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** What a program prints; undefined when it is not there, fails, or takes too long. */
export async function printed(
  name: string,
  argv: readonly string[],
  timeoutMs = 5000,
): Promise<string | undefined> {
  const path = name.startsWith('/') ? name : findTool(name)
  if (path === undefined) return undefined
  try {
    const { stdout } = await run(path, [...argv], {
      timeout: timeoutMs,
      env: { PATH: programDirs.join(':'), LC_ALL: 'C' },
    })
    return stdout
  } catch {
    return undefined
  }
}

/** `KEY=value` lines as /etc/os-release has them, quotes taken off. */
export function parseAssignments(text: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const line of text.split('\n')) {
    const [, key, value = ''] = /^([A-Za-z_]\w*)=(.*)$/u.exec(line.trim()) ?? []
    if (key !== undefined) found[key] = value.replace(/^(["'])(.*)\1$/u, '$2')
  }
  return found
}
