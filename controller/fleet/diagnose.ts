import { connect as connectSocket, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { ErrandError } from '../../proto/errors.ts'
import type { AgentCredentials } from './agent-credentials.ts'
import { placeName, type AgentPlace } from './dial.ts'

export interface Suspect {
  /** The inventory's name, for the sentence. */
  readonly host: string
  readonly agentId: string
  readonly place: AgentPlace
}

interface DiagnoseOptions {
  readonly credentials: AgentCredentials
  readonly timeoutMs: number
  readonly cause: unknown
}

/**
 * Finds out why an agent could not be spoken to, with one bare TLS connection: gRPC tells all reasons alike.
 *
 * @returns The error to throw: `unreachable` when nothing answers, `denied` when the wrong one does.
 */
export async function diagnose(suspect: Suspect, options: DiagnoseOptions): Promise<ErrandError> {
  const { credentials, timeoutMs, cause } = options
  const limit = AbortSignal.timeout(timeoutMs)
  const socket = open(suspect.place)
  const fail = (code: 'unreachable' | 'denied', sentence: string) =>
    new ErrandError(code, `${suspect.host}: ${sentence}`, { cause })
  try {
    const refused = await connected(socket, limit)
    if (refused)
      return fail('unreachable', reachSentence(suspect.place, { error: refused, timeoutMs }))
    const tls = connectTls({
      socket,
      secureContext: credentials.secureContext,
      servername: suspect.agentId,
      ALPNProtocols: ['h2'],
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    })
    const denied = await judgeTls(tls, { suspect, limit })
    if (denied !== undefined) return fail('denied', denied)
    return fail('unreachable', `the agent at ${placeName(suspect.place)} does not answer`)
  } finally {
    socket.destroy()
  }
}

function open(place: AgentPlace): Socket {
  return place.kind === 'local'
    ? connectSocket({ path: place.socketPath })
    : connectSocket({ host: place.address, port: place.port })
}

/** @returns what kept it from connecting: an error, or undefined in it when the time is over. */
function connected(
  socket: Socket,
  limit: AbortSignal,
): Promise<{ readonly code: string; readonly message: string } | undefined> {
  return new Promise((resolve) => {
    socket.on('error', (error: NodeJS.ErrnoException) => {
      resolve({ code: error.code ?? '', message: error.message })
    })
    socket.once('connect', () => {
      resolve(undefined)
    })
    limit.addEventListener('abort', () => {
      resolve({ code: 'ETIMEDOUT', message: 'no answer' })
    })
  })
}

function reachSentence(
  place: AgentPlace,
  {
    error,
    timeoutMs,
  }: {
    readonly error: { readonly code: string; readonly message: string }
    readonly timeoutMs: number
  },
): string {
  const where = placeName(place)
  switch (error.code) {
    case 'ECONNREFUSED':
    case 'ENOENT':
      return `no agent listens on ${where} (connection refused)`
    case 'ETIMEDOUT':
      return `${where} does not answer within ${timeoutMs / 1000} s; is it down, or is the port closed to us?`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name ${place.kind === 'direct' ? place.address : where} cannot be resolved`
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `there is no route to ${where}`
    default:
      return `${where}: ${error.message}`
  }
}

interface Judgement {
  readonly suspect: Suspect
  readonly limit: AbortSignal
}

/** @returns the sentence about who answers wrongly; undefined when nothing is wrong with it. */
function judgeTls(tls: TLSSocket, { suspect, limit }: Judgement): Promise<string | undefined> {
  const where = placeName(suspect.place)
  const foreign = `the agent at ${where} belongs to another controller; errand install --force takes it over`
  return new Promise((resolve) => {
    tls.once('secureConnect', () => {
      const { CN, OU } = tls.getPeerCertificate().subject ?? {}
      if (!tls.authorized) {
        resolve(
          isExpiry(tls)
            ? `the certificate of the agent at ${where} is not valid now: ${expiry(tls)}`
            : foreign,
        )
      } else if (OU !== 'agent') resolve(`what answers at ${where} is no agent`)
      else if (CN !== suspect.agentId) {
        resolve(
          `the agent at ${where} is ${String(CN)}, not ${suspect.agentId} that was installed as ${suspect.host}`,
        )
      }
      // In TLS 1.3 the other side judges our certificate after this: its alert comes as an error, its consent as data.
    })
    tls.on('error', (error: NodeJS.ErrnoException) => {
      if (/ALERT|UNKNOWN_CA|CERTIFICATE/u.test(error.code ?? '')) resolve(foreign)
      else
        resolve(
          /SSL|TLS/u.test(error.code ?? '') ? `what answers at ${where} is no agent` : undefined,
        )
    })
    tls.once('data', () => {
      resolve(undefined)
    })
    tls.once('close', () => {
      resolve(undefined)
    })
    limit.addEventListener('abort', () => {
      resolve(undefined)
    })
  })
}

function isExpiry(tls: TLSSocket): boolean {
  return /CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/u.test(String(tls.authorizationError))
}

function expiry(tls: TLSSocket): string {
  const { valid_from: from, valid_to: to } = tls.getPeerCertificate()
  return `it is valid from ${from} to ${to}; are the clocks right?`
}
