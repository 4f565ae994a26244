/** The accounts of this host. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/** A line of the user database. */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly gecos: string
  readonly home: string
  readonly shell: string
}

const run = promisify(execFile)

/** Finds an account by name, or by number: in /etc/passwd first, then wherever the system looks (LDAP, sssd …). */
export async function findAccount(user: string): Promise<Account | undefined> {
  const local = findInPasswd(await readPasswd(), user)
  if (local) return local
  try {
    const { stdout } = await run('getent', ['passwd', '--', user], { timeout: 10_000 })
    return parsePasswdLine(stdout.trim())
  } catch {
    return undefined // no such account, or no getent: then the file was all there is
  }
}

async function readPasswd(): Promise<string> {
  try {
    return await readFile('/etc/passwd', 'utf8')
  } catch {
    return ''
  }
}

/** Finds an account in the text of a passwd file. */
export function findInPasswd(text: string, user: string): Account | undefined {
  const accounts = text.split('\n').map(parsePasswdLine)
  const byName = accounts.find((account) => account?.name === user)
  if (byName || !/^\d+$/u.test(user)) return byName
  return accounts.find((account) => account?.uid === Number(user))
}

function parsePasswdLine(line: string): Account | undefined {
  const [name, , uid, gid, gecos = '', home = '/', shell = ''] = line.split(':')
  if (!name || !uid || !gid || !/^\d+$/u.test(uid)) return undefined
  return {
    name,
    uid: Number(uid),
    gid: Number(gid),
    gecos,
    home: home === '' ? '/' : home,
    shell: shell === '' ? '/bin/sh' : shell,
  }
}
