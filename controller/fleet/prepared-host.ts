import { ErrandError } from '../../proto/errors.ts'
import type { HostTarget, PreparedHost } from '../run/ports.ts'
import type { AgentConnection } from './connection.ts'

/** A host whose agent has answered, for a run. */
export function prepared(target: HostTarget, { welcome }: AgentConnection): PreparedHost {
  return { target, agentId: welcome.agentId, agentUser: welcome.user, isRoot: welcome.isRoot }
}

/** What to say of a host that is not installed and may not be. */
export function hasNoAgent({ name }: HostTarget): ErrandError {
  return new ErrandError(
    'unreachable',
    `${name} has no agent of this controller: errand install puts one there, or leave out --no-install`,
  )
}

/** The agent and this controller have no protocol in common. */
export class SpeaksOtherwise extends ErrandError {
  constructor(cause: ErrandError) {
    const sentence = `${cause.message}: errand upgrade brings them together, or leave out --no-install`
    super('unreachable', sentence, { cause })
  }
}

/** The last line of an installation. */
export function installed(done: readonly string[], { welcome }: AgentConnection): string {
  const what = done.length === 0 ? 'nothing to do' : 'installed'
  return `${what}: errand-agent ${welcome.version} runs as ${welcome.user}, jobs held by ${welcome.containment}`
}
