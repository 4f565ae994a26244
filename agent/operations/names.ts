/** Names of users and groups, as /etc/passwd and /etc/group have them, then as the system does. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Which database: users or groups. */
export type Database = 'passwd' | 'group'

/** The name of an id; undefined when it has none. */
export async function nameOf(database: Database, id: number): Promise<string | undefined> {
  const line = linesOf(database).find((fields) => fields[2] === String(id))
  return line?.[0] ?? (await ask(database, String(id)))?.[0]
}

/** The id of a name; of digits, when nobody has them for a name, the number itself. */
export async function idOf(database: Database, name: string): Promise<number | undefined> {
  const line =
    linesOf(database).find((fields) => fields[0] === name) ?? (await askName(database, name))
  if (line?.[2] !== undefined) return Number(line[2])
  return /^\d+$/u.test(name) ? Number(name) : undefined
}

function linesOf(database: Database): readonly (readonly string[])[] {
  try {
    return readFileSync(`/etc/${database}`, 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
  } catch {
    return []
  }
}

async function askName(database: Database, name: string) {
  const fields = /^\d+$/u.test(name) ? undefined : await ask(database, name)
  return fields?.[0] === name ? fields : undefined
}

async function ask(database: Database, key: string): Promise<readonly string[] | undefined> {
  try {
    const { stdout } = await run('getent', [database, '--', key], { timeout: 10_000 })
    return stdout.trim().split(':')
  } catch {
    return undefined // nobody, or no getent: the file was all there is
  }
}
