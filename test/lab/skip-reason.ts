import { join } from 'node:path'
import { packagesOf } from './kinds.ts'
import type { Kind } from './kinds.ts'
import { runCommand } from './run-command.ts'

/** What a lab is wanted for. */
export interface Needs {
  /** Kinds of host. Default: `sshd`. */
  readonly kinds?: readonly Kind[]
  /** Debian packages beside those of the kinds. */
  readonly packages?: readonly string[]
}

/**
 * Why this machine cannot run such a lab, in a sentence; `false` when it can. As root it installs the Debian
 * packages that are missing.
 */
export async function skipReason(needs: Needs = {}): Promise<string | false> {
  const { kinds = ['sshd'], packages = [] } = needs
  if (process.platform !== 'linux') return `the lab needs Linux, this is ${process.platform}`
  if (process.getuid?.() !== 0) return 'the lab makes hosts out of namespaces, which needs root'
  const names = [...new Set([...kinds.flatMap(packagesOf), ...packages])]
  const installed = await runCommand([join(import.meta.dirname, 'packages.sh'), ...names])
  if (installed.code !== 0) return `the lab ${installed.stderr.trim()}`
  const checked = await runCommand([join(import.meta.dirname, 'hosts.sh'), 'check'])
  if (checked.code !== 0) return `the lab cannot run here: ${checked.stdout.trim()}`
  return false
}
