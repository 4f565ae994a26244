import type { ValueMap } from '../../proto/value.ts'

/** Hosts and groups as the inventory sources and the vars folders beside them tell, nothing templated. */
export interface Inventory {
  /** All hosts in the order of the sources; the implicit localhost is not among them. */
  readonly hosts: ReadonlyMap<string, Host>
  readonly groups: ReadonlyMap<string, Group>
  /** Absolute paths or lists as given, for `ansible_inventory_sources`. */
  readonly sources: readonly string[]
}

export interface Host {
  readonly name: string
  /** From the inventory sources (precedence step 7). */
  readonly vars: ValueMap
  /** Every group it is in, directly or through children, without `all`; lowest precedence first. */
  readonly groups: readonly string[]
  /** The source that named it first: `inventory_file`. */
  readonly source: string | undefined
  /** The localhost that exists though no inventory names it: local connection. */
  readonly isImplicit: boolean
}

export interface Group {
  readonly name: string
  readonly vars: ValueMap
  readonly children: readonly string[]
  /** Hosts named in the group itself, in order. */
  readonly ownHosts: readonly string[]
  /** Own hosts and those of its children, in order. */
  readonly hosts: readonly string[]
  readonly depth: number
  readonly priority: number
}
