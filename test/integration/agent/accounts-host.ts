/** This host with other accounts: a mount namespace whose /etc is a copy, so that nothing of the machine changes. */
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
  chownSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Owner } from './test-agent.ts'

/** The account that the copy has, for which sudo wants its password, except to become nobody: `tester`, of the groups `tester` and `helpers`, with a password. */
export const tester = {
  name: 'tester',
  uid: 54321,
  gid: 54321,
  helpers: 54322,
  password: 'open sesame',
} as const

/** Why such a host cannot be made here; false when it can. */
export function accountsSkipReason(): string | false {
  if (process.getuid?.() !== 0) return 'needs root, for a mount namespace'
  for (const tool of ['unshare', 'setpriv', 'mount', 'openssl'])
    if (!has(tool)) return `needs ${tool}`
  return false
}

/** Whether a program is on the PATH. */
export function has(program: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v "$1"', 'sh', program])
    return true
  } catch {
    return false
  }
}

/** Makes the copy and gives the words that start a program with it. */
export function accountsHost(owner: Owner): {
  readonly wrap: readonly string[]
  readonly home: string
} {
  const dir = mkdtempSync(join(tmpdir(), 'errand-etc-'))
  chmodSync(dir, 0o755)
  owner.after(() => {
    rmSync(dir, { recursive: true, force: true })
    return Promise.resolve()
  })
  const [etc, home] = [join(dir, 'etc'), join(dir, 'home')]
  execFileSync('cp', ['-a', '/etc', etc])
  mkdirSync(home, { mode: 0o700 })
  chownSync(home, tester.uid, tester.gid)
  const hash = execFileSync('openssl', ['passwd', '-6', tester.password]).toString().trim()
  appendFileSync(
    join(etc, 'passwd'),
    `tester:x:${tester.uid}:${tester.gid}:A Tester:${home}:/bin/sh\n`,
  )
  appendFileSync(
    join(etc, 'group'),
    `tester:x:${tester.gid}:\nhelpers:x:${tester.helpers}:tester\n`,
  )
  appendFileSync(join(etc, 'shadow'), `tester:${hash}:19000:0:99999:7:::\n`)
  mkdirSync(join(etc, 'sudoers.d'), { recursive: true })
  writeFileSync(
    join(etc, 'sudoers.d/tester'),
    'tester ALL=(ALL) ALL\ntester ALL=(nobody) NOPASSWD: ALL\nDefaults:tester timestamp_timeout=0\n',
    { mode: 0o440 },
  )
  return {
    wrap: ['unshare', '-m', 'sh', '-c', `mount --bind ${etc} /etc && exec "$@"`, 'sh'],
    home,
  }
}
