import { ErrandError } from '../../../proto/errors.ts'
import type { RemoteShell } from '../ssh/remote-shell.ts'

/** What a host is, as its login sees it. */
export interface Probe {
  /** `Linux` */
  readonly system: string
  /** As Node names it; undefined for one that no runtime is packaged for. */
  readonly arch: Arch | undefined
  /** As uname names it. */
  readonly machine: string
  readonly hasGlibc: boolean
  readonly hasSystemd: boolean
  readonly hasIpv6: boolean
  readonly uid: number
  readonly user: string
  readonly home: string
  readonly nodes: readonly FoundNode[]
  readonly hasGzip: boolean
  readonly hasCrontab: boolean
  readonly hasSudo: boolean
  /** sudo gives root without a password. */
  readonly hasFreeSudo: boolean
}

export type Arch = 'x64' | 'arm64'

/** A Node of the host's own. */
interface FoundNode {
  readonly path: string
  readonly major: number
  /** In a directory of the system, where only root puts programs. */
  readonly isSystem: boolean
}

/** Prints `name=value` lines; whatever is missing on a small system is simply not there. */
const script = String.raw`
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH
say() { printf '%s=%s\n' "$1" "$2"; }
has() { command -v "$1" >/dev/null 2>&1; }
say system "$(uname -s)"
say machine "$(uname -m)"
say uid "$(id -u)"
say user "$(id -un 2>/dev/null)"
say home "$HOME"
for f in /lib64/ld-linux-x86-64.so.2 /lib/ld-linux-x86-64.so.2 /lib/ld-linux-aarch64.so.1 /lib64/ld-linux-aarch64.so.1
do [ -e "$f" ] && say loader "$f"; done
[ -d /run/systemd/system ] && [ "$(cat /proc/1/comm 2>/dev/null)" = systemd ] && has systemctl && say systemd yes
for n in "$(command -v node 2>/dev/null)" "$(command -v nodejs 2>/dev/null)" /usr/bin/node /usr/local/bin/node /opt/node/bin/node
do [ -x "$n" ] && say node "$n $("$n" -v 2>/dev/null </dev/null)"; done
[ -e /proc/net/if_inet6 ] && say ipv6 yes
for p in gzip crontab sudo; do has $p && say has $p; done
if [ "$(id -u)" != 0 ] && has sudo; then sudo -n true >/dev/null 2>&1 </dev/null && say free-sudo yes; fi
exit 0
`

/**
 * Looks at a host: one script of a POSIX shell.
 *
 * @throws {ErrandError} `unsupported` when its shell does not answer as one.
 */
export async function probe(
  shell: RemoteShell,
  options: { readonly host: string; readonly signal: AbortSignal },
): Promise<Probe> {
  const { stdout, stderr } = await shell.run(script, options)
  const found = parseProbe(stdout)
  if (found) return found
  const said = stderr.trim().split('\n').at(-1) ?? ''
  throw new ErrandError(
    'unsupported',
    `${options.host}: /bin/sh there does not run a script: ${said}`,
  )
}

/** @returns undefined when the output lacks what every system has. */
export function parseProbe(output: string): Probe | undefined {
  const facts = new Map<string, readonly string[]>()
  for (const line of output.split('\n')) {
    const [, name, value] = /^([a-z0-9-]+)=(.*)$/u.exec(line.trimEnd()) ?? []
    if (name !== undefined && value !== undefined)
      facts.set(name, [...(facts.get(name) ?? []), value])
  }
  const one = (name: string) => facts.get(name)?.[0]
  const [system, machine, uid] = [one('system'), one('machine'), Number(one('uid') || Number.NaN)]
  if (!system || !machine || Number.isNaN(uid)) return undefined
  const has = new Set(facts.get('has'))
  return {
    system,
    machine,
    arch: archOf(machine),
    hasGlibc: facts.has('loader'),
    hasSystemd: one('systemd') === 'yes',
    hasIpv6: one('ipv6') === 'yes',
    uid,
    user: one('user') || String(uid),
    home: one('home') ?? '',
    nodes: (facts.get('node') ?? []).flatMap(nodeFrom),
    hasGzip: has.has('gzip'),
    hasCrontab: has.has('crontab'),
    hasSudo: has.has('sudo'),
    hasFreeSudo: one('free-sudo') === 'yes',
  }
}

function archOf(machine: string): Arch | undefined {
  if (machine === 'x86_64' || machine === 'amd64') return 'x64'
  return machine === 'aarch64' || machine === 'arm64' ? 'arm64' : undefined
}

function nodeFrom(text: string): readonly FoundNode[] {
  const [, path, major] = /^(\/.*) v(\d+)\./u.exec(text) ?? []
  if (path === undefined) return []
  return [{ path, major: Number(major), isSystem: /^\/(?:usr\/|opt\/|bin\/)/u.test(path) }]
}
