/** Replacing this agent by another bundle while its jobs run: laid beside it, tried, and switched to on trial. */
import { execFile, spawn } from 'node:child_process'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Logger } from 'pino'
import { asset } from '../../proto/assets.ts'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import type { UpgradeVerdict } from '../../proto/upgrade.ts'
import type { AgentConfig } from '../config.ts'
import type { Uploads } from '../files/uploads.ts'
import { endTrial, launcherOf, layLaunchers } from './launchers.ts'
import { UpgradeFolder, type UpgradeStanding } from './upgrade-folder.ts'

const run = promisify(execFile)

/** Says what the new bundle is to be. */
export interface UpgradeHead {
  readonly bytes: number
  /** In hex. */
  readonly sha256: string
  /** How long it has to be found good. */
  readonly trialMs: number
}

export interface UpgradesOptions {
  readonly config: Pick<AgentConfig, 'folder' | 'kernel' | 'self' | 'words' | 'shell' | 'unit'>
  /** SHA-256 of the bundle that runs. */
  readonly bundleHash: string
  /** The shortest wait that `sleep` accepts here. */
  readonly sleepStep: string
  readonly uploads: Uploads
  readonly log: Logger
}

/** How long a new bundle may take to say its version. */
const lookMs = 30_000
/** The answer of the call is on its way for this long before the agent is replaced. */
const answerMs = 200
/** Beyond the trial: how long a switcher may take on its way. */
const switchMs = 60_000

/** The upgrades of this agent, one at a time. */
export class Upgrades {
  readonly #options: UpgradesOptions
  readonly #folder: UpgradeFolder
  /** Between taking a bundle in and being replaced. */
  #isBusy = false

  constructor(options: UpgradesOptions) {
    this.#options = options
    const { folder, kernel } = options.config
    this.#folder = new UpgradeFolder(folder.dir, kernel)
  }

  /** Puts away what a reboot or a kill has left of an upgrade to another bundle than this one. */
  recover(): void {
    const { phase, sha256, reason } = this.#folder.standing(this.#options.bundleHash)
    if (phase !== 'reverted' || !this.#folder.isBrokenOff) return
    const own = this.#options.config.self[1]
    endTrial(own, 'old')
    rmSync(bundleBeside(own, sha256), { force: true })
    this.#folder.conclude('reverted', reason)
  }

  /** How the last one stands. */
  standing(): UpgradeStanding {
    const standing = this.#folder.standing(this.#options.bundleHash)
    return this.#isBusy ? { ...standing, phase: 'trial', reason: '' } : standing
  }

  /**
   * Lays a bundle beside this one and looks whether it starts.
   *
   * @returns What hands over to it, for when this has been answered.
   * @throws {ErrandError} what is wrong with the bundle or with this host; this agent goes on then.
   */
  async receive(head: UpgradeHead, chunks: AsyncIterable<Uint8Array>): Promise<() => void> {
    if (this.#isBusy || this.#folder.isSwitching) {
      throw new ErrandError('conflict', 'an upgrade is under way: try again when it is over')
    }
    this.#isBusy = true
    try {
      this.recover()
      this.settle('keep', { sha256: this.#options.bundleHash })
      const bundle = await this.#lay(head, chunks)
      this.#prepare(head, bundle)
      return () => {
        this.#handOver(head, bundle)
      }
    } catch (error) {
      this.#isBusy = false
      throw errorOf(error)
    }
  }

  /** Takes the verdict on a bundle; one on another than the last has no effect. */
  settle(
    verdict: UpgradeVerdict,
    about: { readonly sha256: string; readonly reason?: string },
  ): void {
    const { phase, sha256 } = this.#folder.standing(this.#options.bundleHash)
    if (verdict === 'ask' || sha256 !== about.sha256) return
    if (phase === 'trial') this.#folder.decide(verdict, about.reason ?? '')
    if (phase === 'unsettled' && verdict === 'keep') {
      endTrial(this.#options.config.self[1], 'kept')
      this.#folder.conclude('kept')
    }
  }

  async #lay({ bytes, sha256 }: UpgradeHead, chunks: AsyncIterable<Uint8Array>): Promise<string> {
    const { uploads, config } = this.#options
    if (!/^[0-9a-f]{64}$/u.test(sha256))
      throw new ErrandError('invalid', 'a bundle is named by its SHA-256')
    const [node, own] = config.self
    const bundle = bundleBeside(own, sha256)
    const uploadId = `bundle-${sha256.slice(0, 16)}`
    try {
      await uploads.receive({ uploadId, bytes, sha256, isKept: false }, chunks)
      if (bundle === own) throw new ErrandError('conflict', 'this agent runs that bundle already')
      writeFileSync(`${bundle}.new`, readFileSync(uploads.path(uploadId)), { flush: true })
      renameSync(`${bundle}.new`, bundle)
      await lookAt(node, bundle)
      return bundle
    } catch (error) {
      rmSync(`${bundle}.new`, { force: true })
      if (bundle !== own) rmSync(bundle, { force: true })
      throw error
    } finally {
      uploads.drop(uploadId)
    }
  }

  #prepare({ sha256 }: UpgradeHead, bundle: string): void {
    const old = this.#options.config.self[1]
    layLaunchers({ old, new: bundle, switcher: this.#folder.switcher })
    this.#folder.begin(sha256, asset('agent/upgrade/switch.sh'))
  }

  #handOver(head: UpgradeHead, bundle: string): void {
    const { log, config } = this.#options
    log.info({ bundle, trialMs: head.trialMs }, 'agent hands over to another bundle, on trial')
    const words = this.#switchWords(head, bundle)
    setTimeout(() => {
      startSwitcher(config, words).catch((err: unknown) => {
        log.error({ err }, 'switcher not started')
        this.#folder.conclude('reverted', `no switcher could be started: ${sentenceOf(err)}`)
        this.#isBusy = false
      })
    }, answerMs)
    // Still here after that: whatever became of the switcher, the next upgrade may try.
    setTimeout(() => (this.#isBusy = false), head.trialMs + switchMs).unref()
  }

  #switchWords({ trialMs }: UpgradeHead, bundle: string): readonly string[] {
    const { self, unit, words } = this.#options.config
    const [, old] = self
    const seconds = String(Math.max(1, Math.ceil(trialMs / 1000)))
    const step = this.#options.sleepStep === '1' ? '1' : '0.2'
    const { dir, script } = this.#folder
    return [
      script,
      dir,
      unit,
      launcherOf(old),
      seconds,
      step,
      old,
      bundle,
      String(process.pid),
      ...words,
    ]
  }
}

function bundleBeside(own: string, sha256: string): string {
  return join(dirname(own), `agent-${sha256.slice(0, 16)}.mjs`)
}

/** In a unit, a session and a process group of its own: it must outlive the agent, and is no part of it. */
async function startSwitcher(
  { unit, shell }: Pick<AgentConfig, 'unit' | 'shell'>,
  words: readonly string[],
): Promise<void> {
  const [program = '/bin/sh', ...before] = shell
  const line = [program, ...before, ...words]
  if (unit !== '') {
    await run('systemd-run', ['--quiet', '--description=errand agent: upgrade', '--', ...line])
    return
  }
  await new Promise<void>((resolve, reject) => {
    const child = spawn(program, [...before, ...words], {
      cwd: '/',
      detached: true,
      stdio: 'ignore',
    })
    child.once('spawn', resolve)
    child.once('error', reject)
    child.unref()
  })
}

/** Whether the bundle starts at all on the runtime of this agent. */
async function lookAt(node: string, bundle: string): Promise<void> {
  try {
    await run(node, [bundle, 'version'], { cwd: '/', timeout: lookMs })
  } catch (cause) {
    const { stderr = '' } = cause as { readonly stderr?: string }
    const lines = stderr.split('\n').filter((line) => line.trim() !== '')
    const line =
      lines.findLast((text) => /^(?:[A-Za-z]*Error|errand-agent:)/u.test(text)) ?? lines.at(-1)
    const why = line ?? `it did not say its version within ${lookMs / 1000} s`
    throw new ErrandError(
      'unsupported',
      `the new agent does not start on Node ${process.version}, the old one goes on: ${why}`,
      { cause },
    )
  }
}

function errorOf(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new ErrandError('exhausted', 'the disk of the host is full', { cause: error })
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return new ErrandError('denied', `the new agent cannot be written: ${message}`, {
      cause: error,
    })
  return error
}
