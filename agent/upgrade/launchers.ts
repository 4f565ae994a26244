/** The launcher is what a unit, a boot and an installation start: replacing it, by a rename, is the switch. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ErrandError } from '../../proto/errors.ts'
import { shellQuoted } from '../jobs/shell-quoted.ts'

/** Who replaces what by what. */
export interface Switch {
  /** The bundle that runs, and the one to come beside it. */
  readonly old: string
  readonly new: string
  /** Where the switcher writes who it is. */
  readonly switcher: string
}

/** The launcher of a bundle, which lies beside it. */
export function launcherOf(bundle: string): string {
  return join(dirname(bundle), 'errand-agent')
}

/**
 * Lays the texts of the launcher for the trial, for its good end and for the way back beside the launcher, on the disk
 * before this returns: after a power cut each of them is whole.
 *
 * @throws {ErrandError} `unsupported` where no launcher starts the bundle that runs.
 */
export function layLaunchers(change: Switch): void {
  const launcher = launcherOf(change.old)
  const old = existsSync(launcher) ? readFileSync(launcher, 'utf8') : ''
  const names = new Set(old.match(/agent-\w+\.mjs/gu))
  if (names.size !== 1 || !names.has(basename(change.old))) {
    const sentence = `${launcher} does not start this agent: errand install puts that right`
    throw new ErrandError('unsupported', sentence)
  }
  const kept = old.replaceAll(basename(change.old), basename(change.new))
  const texts = { old, kept, trial: trialText({ old, kept, switcher: change.switcher }) }
  for (const [name, text] of Object.entries(texts)) {
    writeFileSync(`${launcher}.${name}`, text, { mode: 0o755, flush: true })
  }
}

/** Ends a trial whose switcher is gone: puts the launcher of that outcome in its place. */
export function endTrial(bundle: string, outcome: 'kept' | 'old'): void {
  const launcher = launcherOf(bundle)
  if (existsSync(`${launcher}.${outcome}`)) renameSync(`${launcher}.${outcome}`, launcher)
  for (const name of ['kept', 'old', 'trial']) rmSync(`${launcher}.${name}`, { force: true })
}

interface TrialTexts {
  readonly old: string
  readonly kept: string
  readonly switcher: string
}

/** Runs the new bundle as long as its switcher lives, in the boot in which it began: whatever ends it, the old one comes back. */
function trialText({ old, kept, switcher }: TrialTexts): string {
  return `#!/bin/sh
isAlive() (
  read -r pid ticks boot _ 2>/dev/null <"$1" || exit 1
  [ "$boot" = "$(cat /proc/sys/kernel/random/boot_id)" ] || exit 1
  stat=$(cat "/proc/$pid/stat" 2>/dev/null) || exit 1
  set -- \${stat##*) }
  [ "\${20}" = "$ticks" ]
)
if isAlive ${shellQuoted(switcher)}; then
${withoutFirstLine(kept)}
fi
${withoutFirstLine(old)}
`
}

function withoutFirstLine(text: string): string {
  return text.replace(/^#!.*\n/u, '').trimEnd()
}
