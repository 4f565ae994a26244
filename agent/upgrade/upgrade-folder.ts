/** What an upgrade leaves on disk for its switcher and for the agents before and after it. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { UpgradePhase } from '../../proto/upgrade.ts'
import { isAlive, parseIdentity, type KernelFiles } from '../jobs/process-identity.ts'
import { writeState } from '../state-folder.ts'

/** How the upgrade of a folder stands. */
export interface UpgradeStanding {
  readonly phase: UpgradePhase
  readonly sha256: string
  readonly reason: string
}

/** Why the old bundle runs though nobody has said so. */
const brokenOff = 'it was broken off, by a reboot or a kill'

const none: UpgradeStanding = { phase: 'none', sha256: '', reason: '' }

/** The files of one upgrade: the last one. Their names are known to `switch.sh`. */
export class UpgradeFolder {
  readonly dir: string
  readonly #kernel: KernelFiles

  constructor(stateDir: string, kernel: KernelFiles) {
    this.dir = join(stateDir, 'upgrade')
    this.#kernel = kernel
  }

  get script(): string {
    return join(this.dir, 'switch.sh')
  }

  get switcher(): string {
    return join(this.dir, 'switcher')
  }

  /** Forgets the upgrade before and begins one to the bundle with this hash. */
  begin(sha256: string, script: string): void {
    rmSync(this.dir, { recursive: true, force: true })
    mkdirSync(this.dir, { mode: 0o700 })
    writeState(this.script, script)
    writeState(join(this.dir, 'plan'), `${sha256}\n`)
  }

  /** Tells the switcher what to do. */
  decide(verdict: 'keep' | 'revert', reason: string): void {
    writeState(join(this.dir, 'verdict'), `${verdict} ${oneLine(reason)}`.trimEnd())
  }

  /** Writes what became of it, where there is no switcher to do so. */
  conclude(phase: 'kept' | 'reverted', reason = ''): void {
    writeState(join(this.dir, 'outcome'), `${phase} ${oneLine(reason)}`.trimEnd())
  }

  /** Whether an upgrade was begun that nobody will end. */
  get isBrokenOff(): boolean {
    return readText(join(this.dir, 'plan')) !== '' && this.#outcome() === '' && !this.isSwitching
  }

  /** Whether a switcher is at work. */
  get isSwitching(): boolean {
    const switcher = parseIdentity(readText(this.switcher))
    return switcher !== undefined && isAlive(this.#kernel, switcher) && this.#outcome() === ''
  }

  /**
   * How the upgrade stands.
   *
   * @param ownHash The bundle that asks: whether it is the one on trial decides what a switcher that is gone means.
   */
  standing(ownHash: string): UpgradeStanding {
    const sha256 = readText(join(this.dir, 'plan')).trim()
    if (sha256 === '') return none
    const [word, ...words] = this.#outcome().split(' ')
    if (word === 'kept') return { phase: 'kept', sha256, reason: '' }
    if (word === 'reverted') return { phase: 'reverted', sha256, reason: words.join(' ') }
    if (this.isSwitching) return { phase: 'trial', sha256, reason: '' }
    if (ownHash === sha256) return { phase: 'unsettled', sha256, reason: '' }
    return { phase: 'reverted', sha256, reason: brokenOff }
  }

  #outcome(): string {
    return oneLine(readText(join(this.dir, 'outcome')))
  }
}

/** What a program said is shown on a terminal: one line, no control characters, not without end. */
function oneLine(text: string): string {
  return text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 400)
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
