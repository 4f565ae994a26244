import type { HostTarget, PrepareOptions } from '../run/ports.ts'
import type { Store } from '../store/store.ts'
import type { Links } from './links.ts'

/** How an agent is reached over SSH: what is needed to start it again. */
export interface Way {
  readonly target: HostTarget
  readonly options: Pick<
    PrepareOptions,
    'install' | 'acceptNewHostKeys' | 'nodeRuntimeFile' | 'environment'
  >
}

export interface WaysOptions {
  readonly store: Store
  readonly links: Links
}

/** The ways to all agents: as a run of this controller had them, or as the record has them, which keeps no password. */
export class Ways {
  readonly #options: WaysOptions
  readonly #known = new Map<string, { readonly way: Way; readonly text: string }>()

  constructor(options: WaysOptions) {
    this.#options = options
  }

  async note(agentId: string, target: HostTarget, options: PrepareOptions): Promise<void> {
    const { install, acceptNewHostKeys, nodeRuntimeFile, environment } = options
    const way = { target, options: { install, acceptNewHostKeys, nodeRuntimeFile, environment } }
    const text = JSON.stringify(withoutPasswords(way))
    const isNew = this.#known.get(agentId)?.text !== text
    this.#known.set(agentId, { way, text })
    const name = this.#options.links.hostOf(agentId)
    if (isNew && name !== undefined) await this.#options.store.hosts.update(name, { way: text })
  }

  /** Undefined when nobody has told it. */
  async find(agentId: string): Promise<Way | undefined> {
    const known = this.#known.get(agentId)
    if (known) return known.way
    const { links, store } = this.#options
    const name = links.hostOf(agentId)
    const row = name === undefined ? undefined : await store.hosts.find(name)
    return row && row.way !== '' ? (JSON.parse(row.way) as Way) : undefined
  }
}

function withoutPasswords({ target, options }: Way): Way {
  const { become } = target
  return {
    options,
    target: {
      ...target,
      password: undefined,
      privateKeyPassphrase: undefined,
      become: become && { ...become, password: undefined },
    },
  }
}
