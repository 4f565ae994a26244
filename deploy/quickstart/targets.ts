/** Two machines to try errand on, and how to get in. Disposing of them leaves nothing behind. */
export interface Targets extends AsyncDisposable {
  readonly hosts: readonly Target[]
  /** Written before a command so that it runs where it reaches the hosts. */
  readonly prefix: readonly string[]
  readonly knownHostsFile: string
  readonly keyFile: string
  /** HOME for errand. */
  readonly home: string
  /** What stands in for `/opt` in the example: `/opt` itself where each host has one of its own. */
  readonly optFolder: string
  /** One line for the person who watches. */
  readonly description: string
}

/** One of them. */
export interface Target {
  readonly name: string
  readonly address: string
  readonly port: number
  readonly user: string
  /** Where its agent is to listen. Both on one machine need two. */
  readonly agentPort: number
}
