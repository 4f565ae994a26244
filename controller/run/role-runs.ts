import type { RoleUse } from '../playbook/playbook.ts'

/**
 * Which roles have run in a play, on which hosts. A role counts as run with these parameters once a host has come to its
 * end and any of its tasks did something there: one whose tasks were all skipped may come again.
 */
export class RoleRuns {
  readonly #busy = new Map<string, Set<string>>()
  readonly #complete = new Map<string, Set<string>>()

  /** A task of the role ran on the host; that it was skipped is not running. */
  ran(use: RoleUse, host: string): void {
    hostsIn(this.#busy, use).add(host)
  }

  /** The host has come to the role's end. */
  complete(use: RoleUse, host: string): void {
    if (hostsIn(this.#busy, use).has(host)) hostsIn(this.#complete, use).add(host)
  }

  isComplete(use: RoleUse, host: string): boolean {
    return this.#complete.get(use.identity)?.has(host) ?? false
  }
}

function hostsIn(uses: Map<string, Set<string>>, { identity }: RoleUse): Set<string> {
  const known = uses.get(identity) ?? new Set<string>()
  uses.set(identity, known)
  return known
}
