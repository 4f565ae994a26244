import { isIPv4, isIPv6 } from 'node:net'
import type { ClientOptions } from '@grpc/grpc-js'

/**
 * Where an agent serves. Who opens the connection is decided in this file alone: today the controller dials, and an
 * agent behind SSH or one that calls home will be another kind here.
 */
export type AgentPlace =
  | { readonly kind: 'direct'; readonly address: string; readonly port: number }
  | { readonly kind: 'local'; readonly socketPath: string }

/** The place as gRPC names it. */
export function channelTarget(place: AgentPlace): string {
  if (place.kind === 'local') return `unix://${place.socketPath}`
  const { address, port } = place
  if (isIPv4(address)) return `ipv4:${address}:${port}`
  return isIPv6(address) ? `ipv6:[${address}]:${port}` : `dns:///${address}:${port}`
}

/** The place for people. */
export function placeName(place: AgentPlace): string {
  return place.kind === 'local' ? place.socketPath : `${place.address} port ${place.port}`
}

/** Channel options under which an agent is known by its id, whatever its address; one socket a client, no proxy. */
export function dialOptions(agentId: string): ClientOptions {
  return {
    'grpc.ssl_target_name_override': agentId,
    'grpc.default_authority': agentId,
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_http_proxy': 0,
  }
}
