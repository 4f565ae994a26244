import type { RunEvent } from '../../proto/run.ts'

/** Watches a run of one task for the moment from which all that is left waits for a host that is away. */
export class OnlyAwaited {
  readonly #left = new Set<string>()
  readonly #awaited = new Set<string>()
  #exitCode = 0

  /** @returns The exit code so far at that moment, else undefined. */
  note({ body }: RunEvent): number | undefined {
    if (body.kind === 'play_started') for (const host of body.hosts) this.#left.add(host)
    if (body.kind === 'host_awaited' && body.jobId !== undefined) this.#awaited.add(body.host)
    if (body.kind === 'host_result') {
      const { host } = body.host
      this.#left.delete(host)
      this.#awaited.delete(host)
      if (body.status === 'failed') this.#exitCode ||= 2
      if (body.status === 'unreachable') this.#exitCode = 4
    }
    const isOnly = this.#awaited.size > 0 && this.#left.isSubsetOf(this.#awaited)
    return isOnly ? this.#exitCode : undefined
  }
}
