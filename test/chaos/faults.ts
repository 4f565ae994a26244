import { setTimeout as delay } from 'node:timers/promises'
import type { Lab } from '../lab/lab.ts'
import type { LabHost } from '../lab/lab-host.ts'
import type { Errand } from '../support/errand.ts'
import type { FaultKind, Plan, PlannedFault } from './plan.ts'
import { within } from './within.ts'

/** A power cut: somewhere between these times, by this machine's clock, which is the hosts' too. */
export interface PowerCut {
  readonly host: number
  readonly fromMs: number
  readonly toMs: number
}

/** How long one step of a fault may take on a busy machine. */
const stepMs = 120_000

/** Carries faults out, and knows what it did. */
export class Faults {
  readonly #lab: Lab
  readonly #errand: Errand
  readonly done = new Map<FaultKind, number>()
  readonly powerCuts: PowerCut[] = []

  constructor(lab: Lab, errand: Errand) {
    this.#lab = lab
    this.#errand = errand
  }

  get count(): number {
    return Array.from(this.done.values()).reduce((all, count) => all + count, 0)
  }

  /** One fault after the other, the least of the plan and then on until `signal` aborts; everything is whole again when this returns. */
  async cause(
    { faults, leastFaults }: Pick<Plan, 'faults' | 'leastFaults'>,
    signal: AbortSignal,
  ): Promise<void> {
    for (const fault of faults) {
      if (signal.aborted && this.count >= leastFaults) return
      await delay(fault.gapMs)
      if (await this.#cause(fault)) this.done.set(fault.kind, (this.done.get(fault.kind) ?? 0) + 1)
    }
  }

  /** @returns Whether there was something to break. */
  async #cause({ kind, host: number, lastsMs }: PlannedFault): Promise<boolean> {
    const host = this.#lab.host(number)
    switch (kind) {
      case 'controller killed':
        return this.#killController()
      case 'agent killed':
        return killAgent(host)
      case 'power cut':
        await this.#cutPower(number, lastsMs)
        return true
      case 'network cut':
        return cut(lastsMs, (state) => host.drop(state))
      case 'host not heard':
        return cut(lastsMs, (state) => host.deaf(state))
      case 'host does not hear':
        return cut(lastsMs, (state) => host.mute(state))
    }
  }

  async #cutPower(number: number, lastsMs: number): Promise<void> {
    const host = this.#lab.host(number)
    const fromMs = Date.now()
    await within(`the crash of ${host.name}`, stepMs, () => host.crash())
    this.powerCuts.push({ host: number, fromMs, toMs: Date.now() })
    await delay(lastsMs)
    await within(`the boot of ${host.name}`, stepMs, () => host.boot())
  }

  async #killController(): Promise<boolean> {
    const { code, stdout } = await within('errand controller status', stepMs, (signal) =>
      this.#errand.run(['controller', 'status', '--json'], { signal }),
    )
    if (code !== 0) return false
    const { pid } = JSON.parse(stdout) as { readonly pid: number }
    try {
      process.kill(pid, 'SIGKILL')
      return true
    } catch {
      return false // It had gone by itself.
    }
  }
}

async function killAgent(host: LabHost): Promise<boolean> {
  const { code } = await within(`killing the agent of ${host.name}`, stepMs, (signal) =>
    host.run(`pkill -KILL -f '[e]rrand-agent.* serve'`, { signal }),
  )
  return code === 0
}

async function cut(
  lastsMs: number,
  set: (state: Parameters<LabHost['drop']>[0]) => Promise<void>,
): Promise<boolean> {
  await within('cutting the network', stepMs, () => set('on'))
  await delay(lastsMs)
  await within('mending the network', stepMs, () => set('off'))
  return true
}
