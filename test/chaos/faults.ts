import { setTimeout as delay } from 'node:timers/promises'
import type { Lab } from '../lab/lab.ts'
import type { LabHost } from '../lab/lab-host.ts'
import type { Errand } from '../support/errand.ts'
import type { FaultKind, PlannedFault } from './plan.ts'

/** A power cut, by this machine's clock, which is the hosts' too. */
export interface PowerCut {
  readonly host: number
  readonly atMs: number
}

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

  /** One fault after the other, until `signal` aborts; everything is whole again when this returns. */
  async cause(faults: readonly PlannedFault[], signal: AbortSignal): Promise<void> {
    for (const fault of faults) {
      await delay(fault.gapMs, undefined, { signal }).catch(() => {
        // Aborted: the loop ends below.
      })
      if (signal.aborted) return
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
        return (await host.run(`pkill -KILL -f '[e]rrand-agent.* serve'`)).code === 0
      case 'power cut':
        this.powerCuts.push({ host: number, atMs: Date.now() })
        await host.crash()
        await delay(lastsMs)
        await host.boot()
        return true
      case 'network cut':
        return cut(lastsMs, (state) => host.drop(state))
      case 'network cut one way':
        return cut(lastsMs, (state) => host.deaf(state))
    }
  }

  async #killController(): Promise<boolean> {
    const { code, stdout } = await this.#errand.run(['controller', 'status', '--json'])
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

async function cut(
  lastsMs: number,
  set: (state: Parameters<LabHost['drop']>[0]) => Promise<void>,
): Promise<boolean> {
  await set('on')
  await delay(lastsMs)
  await set('off')
  return true
}
