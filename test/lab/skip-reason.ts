import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { packagesOf } from './kinds.ts'
import type { Kind } from './kinds.ts'

/** What a lab is wanted for. */
export interface Needs {
  /** Kinds of host. Default: `sshd`. */
  readonly kinds?: readonly Kind[]
  /** Debian packages beside those of the kinds. */
  readonly packages?: readonly string[]
}

/**
 * Why this machine cannot run such a lab, in a sentence; `false` when it can. As root it installs the Debian
 * packages that are missing. It blocks: a test file asks it once, before its tests, for their `skip`.
 */
export function skipReason(needs: Needs = {}): string | false {
  const { kinds = ['sshd'], packages = [] } = needs
  if (process.platform !== 'linux') return `the lab needs Linux, this is ${process.platform}`
  if (process.getuid?.() !== 0) return 'the lab makes hosts out of namespaces, which needs root'
  const names = [...new Set([...kinds.flatMap(packagesOf), ...packages])]
  const missing = complaint('packages.sh', names)
  if (missing !== undefined) return `the lab ${missing}`
  const unable = complaint('hosts.sh', ['check'])
  return unable === undefined ? false : `the lab cannot run here: ${unable}`
}

/** What a script of this folder said before it failed; nothing when it succeeded. */
function complaint(script: string, args: readonly string[]): string | undefined {
  const ended = spawnSync(join(import.meta.dirname, script), args, { encoding: 'utf8' })
  if (ended.error !== undefined) return ended.error.message
  return ended.status === 0 ? undefined : `${ended.stdout}${ended.stderr}`.trim()
}
