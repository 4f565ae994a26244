import { connect as connectSocket, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import ssh2, { type Client } from 'ssh2'
import { abortReason } from '../../../proto/call.ts'
import { ErrandError, sentenceOf } from '../../../proto/errors.ts'
import { Authentication, readCredentials } from './credentials.ts'
import {
  hostKeyAlgorithms,
  judgeHostKey,
  readHostKeys,
  rememberHostKey,
  unknownKeyError,
  type HostKeys,
} from './host-key-check.ts'
import type { Hop } from './hops.ts'

/** SSH connections to a host, the jump hosts' included. Disposing it closes all of them. */
export interface SshRoute extends AsyncDisposable {
  readonly client: Client
}

/**
 * Connects to the last hop, each through the one before.
 *
 * @throws {ErrandError} `unreachable` or `denied`, with the one sentence that says why.
 */
export async function connectRoute(
  hops: readonly Hop[],
  { signal }: { readonly signal: AbortSignal },
): Promise<SshRoute> {
  const clients: Client[] = []
  try {
    for (const hop of hops) {
      const socket = await openSocket(hop, { through: clients.at(-1), signal })
      clients.push(await handshake(hop, { socket, signal }))
    }
  } catch (error) {
    await closeAll(clients)
    throw error
  }
  const client = clients.at(-1)
  if (!client) throw new ErrandError('internal', 'a route without a host')
  return { client, [Symbol.asyncDispose]: () => closeAll(clients) }
}

interface SocketOptions {
  readonly through: Client | undefined
  readonly signal: AbortSignal
}

function openSocket(hop: Hop, { through, signal }: SocketOptions): Promise<Duplex> {
  return through ? forward(hop, through) : dial(hop, signal)
}

function forward({ label, host, port }: Hop, through: Client): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    through.forwardOut('127.0.0.1', 0, host, port, (error, stream) => {
      if (!error) return resolve(stream)
      reject(unreachable(`${label} cannot be reached from its jump host: ${error.message}`, error))
    })
  })
}

function dial({ label, host, port, timeoutMs }: Hop, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket({ host, port })
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    const fail = (error: Error) => {
      limit.removeEventListener('abort', stop)
      socket.destroy()
      reject(error)
    }
    const stop = () => {
      const place = `${label}: ${host} port ${port} does not answer within ${timeoutMs / 1000} s`
      fail(signal.aborted ? abortReason(signal) : unreachable(place))
    }
    limit.addEventListener('abort', stop, { once: true })
    if (limit.aborted) stop()
    socket.once('error', (error) => {
      fail(unreachable(`${label}: ${dialSentence(error, { host, port })}`, error))
    })
    socket.once('connect', () => {
      limit.removeEventListener('abort', stop)
      socket.removeAllListeners('error')
      resolve(socket)
    })
  })
}

function dialSentence(
  error: NodeJS.ErrnoException,
  place: { readonly host: string; readonly port: number },
): string {
  const { host, port } = place
  switch (error.code) {
    case 'ECONNREFUSED':
      return `nothing listens for SSH on ${host} port ${port} (connection refused)`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name ${host} cannot be resolved`
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `there is no route to ${host}`
    default:
      return `${host} port ${port}: ${error.message}`
  }
}

interface HandshakeOptions {
  readonly socket: Duplex
  readonly signal: AbortSignal
}

async function handshake(hop: Hop, { socket, signal }: HandshakeOptions): Promise<Client> {
  const hostKeys = await readHostKeys(hop.hostKeys)
  const credentials = await readCredentials(hop)
  const authentication = new Authentication(hop.user, credentials)
  const check = new HostKeyDecision(hostKeys)
  const client = new ssh2.Client()
  try {
    await ready(client, { hop, socket, signal, authentication, check })
    await check.remember()
    client.setNoDelay(true)
    return client
  } catch (error) {
    client.destroy()
    socket.destroy()
    if (signal.aborted) throw abortReason(signal)
    throw (
      check.error ??
      handshakeError(error, { hop, authentication, unusable: credentials.unusable, hostKeys })
    )
  }
}

interface Handshake extends HandshakeOptions {
  readonly hop: Hop
  readonly authentication: Authentication
  readonly check: HostKeyDecision
}

function ready(
  client: Client,
  { hop, socket, signal, authentication, check }: Handshake,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      reject(abortReason(signal))
    }
    signal.addEventListener('abort', stop, { once: true })
    client.on('error', (error) => {
      // An ssh-agent that does not answer is no reason to give up: the next method comes.
      if (error.level !== 'agent') reject(error)
    })
    client.once('close', () => {
      reject(unreachable(`${hop.label}: its SSH server closed the connection`))
    })
    client.once('ready', () => {
      signal.removeEventListener('abort', stop)
      resolve()
    })
    client.connect({
      sock: socket,
      username: hop.user,
      readyTimeout: Math.max(hop.timeoutMs, minHandshakeMs),
      keepaliveInterval: 10_000,
      keepaliveCountMax: 3,
      hostVerifier: (key: Buffer) => check.isAccepted(key),
      authHandler: authentication.handler,
      algorithms: {
        serverHostKey: [...hostKeyAlgorithms(check.hostKeys)] as ssh2.ServerHostKeyAlgorithm[],
      },
    })
  })
}

/** Servers may look up names before they let somebody in; the time-out of the connection is not meant for that. */
const minHandshakeMs = 20_000

/** One decision on the key that a server shows, and why it was refused. */
class HostKeyDecision {
  readonly hostKeys: HostKeys
  error: ErrandError | undefined
  #new: Buffer | undefined

  constructor(hostKeys: HostKeys) {
    this.hostKeys = hostKeys
  }

  isAccepted(key: Buffer): boolean {
    const verdict = judgeHostKey(this.hostKeys, key)
    if (verdict.kind === 'refused') this.error = verdict.error
    else if (verdict.kind === 'unknown') {
      if (this.hostKeys.policy.acceptNew) this.#new = key
      else this.error = unknownKeyError(this.hostKeys, key)
    }
    return this.error === undefined
  }

  async remember(): Promise<void> {
    if (this.#new) await rememberHostKey(this.hostKeys, this.#new)
  }
}

interface FailedHandshake {
  readonly hop: Hop
  readonly authentication: Authentication
  readonly unusable: readonly string[]
  readonly hostKeys: HostKeys
}

function handshakeError(
  error: unknown,
  { hop, authentication, unusable, hostKeys }: FailedHandshake,
): ErrandError {
  if (error instanceof ErrandError) return error
  const cause = error instanceof Error ? error : new Error(String(error))
  const level = 'level' in cause ? cause.level : undefined
  if (level === 'client-authentication')
    return authenticationError({ hop, authentication, unusable, cause })
  if (level === 'client-timeout')
    return unreachable(`${hop.label}: its SSH server does not answer`, cause)
  if (/host key format/iu.test(cause.message) && hostKeys.entries.length > 0) {
    const [known] = hostKeys.entries
    const place = known ? `${known.file}:${known.line}` : 'known_hosts'
    const sentence = `the host key of ${hop.label} has changed: it no longer shows one of the kind in ${place}`
    return new ErrandError('denied', sentence, { cause })
  }
  return unreachable(`${hop.label}: the SSH connection failed: ${sentenceOf(cause)}`, cause)
}

interface FailedAuthentication {
  readonly hop: Hop
  readonly authentication: Authentication
  readonly unusable: readonly string[]
  readonly cause: Error
}

function authenticationError({
  hop,
  authentication,
  unusable,
  cause,
}: FailedAuthentication): ErrandError {
  const tried =
    authentication.tried.length > 0
      ? authentication.tried.join(', ')
      : 'nothing: no key and no password'
  const also = unusable.map((text) => `; ${text}`).join('')
  const sentence =
    `${hop.label} did not let ${hop.user} in: tried ${tried}${also}; ` +
    `it takes ${authentication.offered.join(', ')}`
  return new ErrandError('denied', sentence, { cause })
}

function unreachable(sentence: string, cause?: Error): ErrandError {
  return new ErrandError('unreachable', sentence, { cause })
}

/** Ends the connections, the last first, and waits until each has closed. */
async function closeAll(clients: readonly Client[]): Promise<void> {
  for (const client of clients.toReversed()) {
    await new Promise<void>((resolve) => {
      const limit = setTimeout(() => client.destroy(), 2000)
      client.once('close', () => {
        clearTimeout(limit)
        resolve()
      })
      client.end()
    })
  }
}
