import type { HostRow } from '../store/store.ts'

/** What is known of a host before its agent has said a word. */
interface NewHost {
  readonly name: string
  readonly address: string
  readonly agentPort: number
  readonly agentId: string
  readonly nowMs: number
}

/** The row of a host whose agent has yet to answer. */
export function newHostRow({ nowMs, ...known }: NewHost): HostRow {
  return {
    ...known,
    journalId: '',
    lastSeq: 0,
    agentUser: '',
    isRoot: false,
    version: '',
    containment: '',
    bundleHash: '',
    installedAtMs: nowMs,
    lastSeenMs: undefined,
    way: '',
  }
}
