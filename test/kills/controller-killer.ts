import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from '../chaos/random.ts'

interface Abortable {
  readonly signal: AbortSignal
}

/** Kills the controller of a home with -9 at moments that a seed chooses. */
export class ControllerKiller {
  readonly #home: string
  readonly #random: Random
  #killed: number | undefined
  kills = 0

  /** @param home Its ERRAND_HOME. */
  constructor(home: string, random: Random) {
    this.#home = home
    this.#random = random
  }

  /** Kills one controller after the other, each a while after it has taken its lock, until `most` were or `signal` aborts. */
  async go(most: number, { signal }: Abortable): Promise<void> {
    while (this.kills < most) {
      const pid = await this.#living({ signal })
      await wait(this.#random.weighted(this.#moments()), signal)
      if (signal.aborted || pid === undefined) return
      if (!isController(pid)) continue // It left by itself.
      process.kill(pid, 'SIGKILL')
      this.#killed = pid
      this.kills += 1
    }
  }

  /** While it starts and goes on with the run, or later. */
  #moments(): readonly (readonly [number, number])[] {
    return [
      [this.#random.between(0, 500), 1],
      [this.#random.between(500, 3500), 3],
    ]
  }

  async #living({ signal }: Abortable): Promise<number | undefined> {
    while (!signal.aborted) {
      const pid = pidIn(join(this.#home, 'controller.lock.pid'))
      if (pid !== this.#killed && isController(pid)) return pid
      await wait(20, signal)
    }
    return undefined
  }
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {
    // The caller looks at the signal.
  })
}

function pidIn(file: string): number {
  return Number(readFileSync(file, 'utf8'))
}

/** Whether a process is a controller still: its number may be another's by now. */
function isController(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('controller.js')
  } catch {
    return false
  }
}
