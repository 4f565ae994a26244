/** Puts an agent on a host over SSH. Every step looks first and does only what is missing, so that any can be repeated. */
import type { Logger } from 'pino'
import { ErrandError, sentenceOf } from '../../../proto/errors.ts'
import type { HostTarget, PrepareOptions } from '../../run/ports.ts'
import type { Authority } from '../authority.ts'
import { openShell, type SshShell } from '../ssh/shell.ts'
import { OnTrial } from '../upgrade/on-trial.ts'
import { chooseNode } from './choose-node.ts'
import { enrol, judgeEnrolment, type Enrolment } from './enrolment.ts'
import { inspect, type Installed } from './inspect.ts'
import { rootLayout, userLayout } from './layout.ts'
import type { Parcels } from './parcels.ts'
import { probe, type Arch, type Probe } from './probe.ts'
import { planProgram, sendProgram, tidyScript, type ProgramFiles } from './program-files.ts'
import { chooseRights } from './rights.ts'
import { lastWords, launch, startUnit, unitTextFor, type Keeper } from './service.ts'
import { Workplace } from './workplace.ts'

export interface InstallSettings {
  readonly authority: Authority
  readonly parcels: Parcels
  /** The agent's bundle, one file. */
  readonly bundlePath: string
  readonly packagedRuntime: (arch: Arch) => string | undefined
  readonly nowMs: () => number
  readonly log: Logger
}

export interface InstallOptions extends Omit<PrepareOptions, 'install'> {
  /** Take over an agent of another controller. */
  readonly force: boolean
}

/** An agent that was put on a host or found there as it should be. */
export interface InstalledAgent {
  readonly agentId: string
  /** The address that SSH reached, and where the agent is to be dialled. */
  readonly address: string
  readonly port: number
  /** What was done; empty when everything was in place. */
  readonly done: readonly string[]
}

/**
 * Installs, repairs or upgrades the agent of a host, and has `answer` speak to it before hanging up.
 *
 * @param answer Makes the first gRPC call; its failure is told with the agent's last words.
 * @throws {ErrandError} with one sentence that names the host and what to do.
 */
export async function installAgent(
  target: HostTarget,
  settings: InstallSettings,
  options: InstallOptions & { readonly answer: (agent: InstalledAgent) => Promise<void> },
): Promise<InstalledAgent> {
  const { signal, onStep, log } = { ...settings, ...options }
  onStep('probe', `connects to ${target.address}`)
  await using ssh = await openShell(target, {
    ...options,
    onUnsupported: (what) => {
      log.warn({ host: target.name, what }, 'ssh configuration has what is not supported')
    },
  })
  const found = await probe(ssh.shell, { host: target.name, signal })
  // Awaited here: the connection closes when this function is left.
  return await new Installation(target, { settings, options, ssh, found }).run()
}

interface InstallationParts {
  readonly settings: InstallSettings
  readonly options: InstallOptions & { readonly answer: (agent: InstalledAgent) => Promise<void> }
  readonly ssh: SshShell
  readonly found: Probe
}

class Installation {
  readonly #target: HostTarget
  readonly #parts: InstallationParts
  readonly #place: Workplace
  readonly #done: string[] = []

  constructor(target: HostTarget, parts: InstallationParts) {
    const { ssh, found, settings, options } = parts
    const rights = chooseRights(found, { become: target.become, host: target.name })
    this.#target = target
    this.#parts = parts
    this.#place = new Workplace(ssh.shell, {
      host: target.name,
      layout: rights.isRoot ? rootLayout : userLayout(found.home),
      rights,
      signal: options.signal,
      log: settings.log,
    })
  }

  async run(): Promise<InstalledAgent> {
    const { found } = this.#parts
    const files = await this.#plan()
    const port = this.#target.agentPort
    const installed = await inspect(this.#place, { files, port })
    this.#step('probe', this.#describe(files))
    if (installed.isUpgrading) throw new OnTrial(this.#target.name)
    const enrolment = await this.#judge(installed)
    this.#checkPort(installed)
    await this.#files(files, installed)
    await this.#enrol(enrolment, installed)
    await this.#start(installed)
    const agent = {
      agentId: enrolment.agentId,
      address: this.#parts.ssh.address,
      port,
      done: this.#done,
    }
    await this.#answer(agent)
    if (this.#done.length > 0)
      await this.#place.try(tidyScript(files, this.#place.layout.programDir))
    this.#parts.settings.log.info(
      { host: this.#target.name, user: found.user, done: this.#done },
      'agent installed',
    )
    return agent
  }

  #plan(): Promise<ProgramFiles> {
    const { settings, options, found } = this.#parts
    const { parcels, bundlePath, packagedRuntime } = settings
    const { layout, rights } = this.#place
    const node = chooseNode(found, {
      host: this.#target.name,
      layout,
      isRoot: rights.isRoot,
      runtimeFile: options.nodeRuntimeFile,
      packagedRuntime,
      open: (path) => parcels.open(path),
    })
    return Promise.all([parcels.open(bundlePath), node]).then(([bundle, chosen]) =>
      planProgram(bundle, { node: chosen, programDir: layout.programDir }),
    )
  }

  #describe({ node }: ProgramFiles): string {
    const { found } = this.#parts
    const keeper = this.#keeper() === 'systemd' ? 'systemd' : 'no systemd'
    const runtime = node.kind === 'own' ? `Node at ${node.path}` : 'no Node'
    return `${found.system} ${found.machine}, ${keeper}, ${runtime}; installs ${this.#place.rights.description}`
  }

  #judge(installed: Installed): Promise<Enrolment> {
    return judgeEnrolment(this.#place, { ...this.#enrolmentOptions(), installed })
  }

  #checkPort({ portOwner, status }: Installed): void {
    if (portOwner === undefined || status?.isRunning === true) return
    const { name, agentPort } = this.#target
    throw new ErrandError(
      'conflict',
      `${name}: port ${agentPort} is already taken there by ${portOwner}; choose another with errand_port in the inventory`,
    )
  }

  async #files(files: ProgramFiles, installed: Installed): Promise<void> {
    const { found, settings } = this.#parts
    const state = installed.program
    if (state.isBundleThere && state.isNodeThere && state.isLauncherThere) {
      return this.#step('files', 'all there')
    }
    await sendProgram(this.#place, {
      files,
      state,
      parcels: settings.parcels,
      hasGzip: found.hasGzip,
      onFile: (what) => {
        this.#step('files', what)
      },
    })
    this.#done.push('files')
  }

  async #enrol(enrolment: Enrolment, { identity }: Installed): Promise<void> {
    if (enrolment.kind === 'keep') return
    this.#step('enrol', enrolment.reason)
    await enrol(this.#place, enrolment.agentId, {
      ...this.#enrolmentOptions(),
      isDamaged: identity.kind === 'damaged',
    })
    this.#done.push('enrol')
  }

  async #start(installed: Installed): Promise<void> {
    const { status, isUnitActive, isUnitEnabled, unitText } = installed
    const { found } = this.#parts
    const port = this.#target.agentPort
    const where = { listen: found.hasIpv6 ? '[::]' : '0.0.0.0', port } as const
    const isSamePort = status?.port === port
    const isUnit = this.#keeper() === 'systemd'
    const isUnitRight =
      isUnitActive && isUnitEnabled && unitText === unitTextFor(this.#place.layout, where).trim()
    const isRunning = status?.isRunning === true && isSamePort && (!isUnit || isUnitRight)
    if (isRunning && this.#done.length === 0) return
    this.#step('start', isUnit ? 'starts the systemd unit' : 'starts the agent')
    if (isUnit) await startUnit(this.#place, where)
    else await launch(this.#place, { hasCrontab: found.hasCrontab, ...where })
    this.#done.push('start')
  }

  async #answer(agent: InstalledAgent): Promise<void> {
    this.#step('answer', `asks ${agent.address} port ${agent.port}`)
    try {
      await this.#parts.options.answer(agent)
    } catch (error) {
      if (!(error instanceof ErrandError) || error.code !== 'unreachable') throw error
      const said = await lastWords(this.#place, this.#keeper())
      const sentence = `${sentenceOf(error)}${said === '' ? '' : `; the agent there said: ${said}`}`
      throw new ErrandError('unreachable', sentence, { cause: error })
    }
  }

  #keeper(): Keeper {
    return this.#parts.found.hasSystemd && this.#place.rights.isRoot ? 'systemd' : 'launcher'
  }

  #enrolmentOptions() {
    const { settings, options } = this.#parts
    const { authority, nowMs } = settings
    return { authority, nowMs: nowMs(), force: options.force }
  }

  #step(step: string, message: string): void {
    this.#parts.options.onStep(step, message)
  }
}
