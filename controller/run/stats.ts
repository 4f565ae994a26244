import type { HostStats } from '../../proto/run.ts'

type Count = keyof HostStats
type Counts = Record<Count, number>

/** The counts of the recap, by host. */
export class Stats {
  readonly #hosts = new Map<string, Counts>()

  /** Adds one to a count of a host. */
  add(host: string, count: Count): void {
    const counts = this.#hosts.get(host) ?? noCounts()
    counts[count] += 1
    this.#hosts.set(host, counts)
  }

  /** What has been counted; hosts that did nothing are not in it. */
  snapshot(): Readonly<Record<string, HostStats>> {
    return Object.fromEntries([...this.#hosts].map(([host, counts]) => [host, { ...counts }]))
  }
}

function noCounts(): Counts {
  return { ok: 0, changed: 0, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0 }
}
