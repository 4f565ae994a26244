import { credentials, type ChannelCredentials } from '@grpc/grpc-js'
import {
  checkServerIdentity,
  createSecureContext,
  type PeerCertificate,
  type SecureContext,
} from 'node:tls'
import type { ControllerIdentity } from './authority.ts'

/** The TLS side of every connection to an agent: TLS 1.3, our certificate, and only our authority's agents. */
export class AgentCredentials {
  readonly identity: ControllerIdentity
  readonly secureContext: SecureContext

  constructor(identity: ControllerIdentity) {
    this.identity = identity
    this.secureContext = createSecureContext({
      ca: identity.authorityCertificate,
      cert: identity.certificate,
      key: identity.privateKey,
      minVersion: 'TLSv1.3',
    })
  }

  /** For the agent with this id and no other. */
  for(agentId: string): ChannelCredentials {
    return credentials.createFromSecureContext(this.secureContext, {
      checkServerIdentity: (name, certificate) => checkAgent(agentId, { name, certificate }),
    })
  }
}

/** The certificate must have the role of an agent, and name the one that was meant. */
function checkAgent(
  agentId: string,
  { name, certificate }: { readonly name: string; readonly certificate: PeerCertificate },
): Error | undefined {
  const { CN, OU } = certificate.subject
  if (OU !== 'agent') return new Error(`its certificate has the role ${String(OU)}, not agent`)
  if (CN !== agentId) return new Error(`it is the agent ${String(CN)}, not ${agentId}`)
  return checkServerIdentity(name, certificate)
}
