import { stringifyJson } from '../../proto/json-text.ts'
import type { RunRequest } from '../../proto/run.ts'
import type { Emitter } from './emitter.ts'
import type { HostTarget, PreparedHost } from './ports.ts'
import type { World } from './world.ts'

/** The hosts whose agents this run has spoken to: each is prepared once, for as long as its address stays the same. */
export class Fleet {
  readonly #request: RunRequest
  readonly #world: World
  readonly #emitter: Emitter
  readonly #prepared = new Map<string, Promise<PreparedHost>>()

  constructor(request: RunRequest, world: World, emitter: Emitter) {
    this.#request = request
    this.#world = world
    this.#emitter = emitter
  }

  /** @throws {ErrandError} when its agent does not answer and cannot be made to. */
  prepare(target: HostTarget): Promise<PreparedHost> {
    const key = stringifyJson({ ...target, become: null })
    const known = this.#prepared.get(key)
    if (known) return known
    const preparing = this.#world.agents.prepare(target, this.#options(target))
    this.#prepared.set(key, preparing)
    // A host that did not answer may answer the next task.
    preparing.catch(() => this.#prepared.delete(key))
    return preparing
  }

  /** Sees to it that a host's agent is started when it is down, now or later, without waiting for it or telling of it. */
  lookAfter(target: HostTarget): void {
    const options = { ...this.#options(target), onStep: () => undefined }
    this.#world.agents.prepare(target, options).catch(() => undefined)
  }

  /** Forgets what is known of a host (meta: reset_connection). */
  reset(name: string): void {
    for (const [key, preparing] of this.#prepared) {
      preparing.then(
        (host) => {
          return host.target.name === name && this.#prepared.delete(key)
        },
        () => undefined,
      )
    }
  }

  #options(target: HostTarget) {
    const { connection, noInstall, environment } = this.#request
    return {
      install: !noInstall,
      acceptNewHostKeys: connection.acceptNewHostKeys,
      nodeRuntimeFile: connection.nodeRuntimeFile,
      environment,
      onStep: (step: string, message: string) => {
        this.#emitter
          .emit({ kind: 'install_step', host: target.name, step, message })
          .catch(() => undefined)
      },
      signal: this.#world.signal,
    }
  }
}
