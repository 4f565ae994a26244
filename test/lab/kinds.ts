import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { runOrFail } from './run-command.ts'

/**
 * The kinds of host there are:
 * - `sshd`: OpenSSH and a shell as PID 1, with the programs of this machine;
 * - `sshd-no-node`: the same without Node and without Python;
 * - `systemd`: Debian with systemd as PID 1, without Node and without Python;
 * - `bare`: static busybox and dropbear: no bash, no SFTP, no Node, no Python, but glibc and libstdc++;
 * - `busybox`: the same without any libc.
 */
export type Kind = 'sshd' | 'sshd-no-node' | 'systemd' | 'bare' | 'busybox'

const COMMON_PACKAGES = ['iproute2', 'nftables', 'openssh-client']
const NODE_AND_PYTHON = 'node nodejs npm npx python* pypy*'

/** The Debian packages that this machine needs for a host of that kind. */
export function packagesOf(kind: Kind): readonly string[] {
  switch (kind) {
    case 'sshd':
    case 'sshd-no-node':
      return [...COMMON_PACKAGES, 'openssh-server', 'sudo']
    case 'systemd':
      return [...COMMON_PACKAGES, 'debootstrap', 'systemd-container']
    case 'bare':
    case 'busybox':
      return [...COMMON_PACKAGES, 'busybox-static', 'dropbear-bin']
  }
}

/** What hosts.sh must be told for a host of that kind; makes its root file system when there is none yet. */
export async function environmentOf(kind: Kind): Promise<Readonly<Record<string, string>>> {
  switch (kind) {
    case 'sshd':
      return { INIT: 'sshd', ROOT: '/' }
    case 'sshd-no-node':
      return { INIT: 'sshd', ROOT: '/', HIDE: NODE_AND_PYTHON }
    case 'systemd':
      return { INIT: 'systemd', ROOT: await rootOf('systemd', ['systemd-root.sh']) }
    case 'bare':
      return { INIT: 'dropbear', ROOT: await rootOf('bare', ['busybox-root.sh', 'glibc']) }
    case 'busybox':
      return { INIT: 'dropbear', ROOT: await rootOf('busybox', ['busybox-root.sh']) }
  }
}

/**
 * A root file system out of the cache, named by what made it; made whole beside its place, then renamed. One
 * process makes it while others that want it wait.
 */
async function rootOf(name: string, recipe: readonly [string, ...string[]]): Promise<string> {
  const [script, ...args] = recipe
  const program = join(import.meta.dirname, script)
  const made = createHash('sha256')
    .update(await readFile(program))
    .digest('hex')
    .slice(0, 12)
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'errand-lab')
  const root = join(cache, `${name}-${made}`)
  if (existsSync(root)) return root
  await mkdir(cache, { recursive: true })
  await runOrFail(['flock', `${root}.lock`, 'sh', '-ec', MAKE_ONCE, 'make', root, program, ...args])
  return root
}

const MAKE_ONCE = `
  root=$1 program=$2; shift 2
  [ -e "$root" ] && exit 0
  rm -rf "$root.new"
  "$program" "$root.new" "$@"
  mv "$root.new" "$root"
`
