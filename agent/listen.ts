/** Where the agent listens. */
import type { Server, ServerCredentials } from '@grpc/grpc-js'
import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { dirname } from 'node:path'
import { ErrandError, sentenceOf } from '../proto/errors.ts'

export interface ListenOptions {
  /** An address, empty for all, or `unix:PATH`. */
  readonly listen: string
  /** 0: any free one. */
  readonly port: number
  readonly credentials: ServerCredentials
}

/**
 * Binds the server.
 *
 * @returns The port; 0 for a unix socket.
 * @throws {ErrandError} `conflict` when the port is taken, `denied` or `invalid` when it cannot be.
 */
export async function listenOn(server: Server, options: ListenOptions): Promise<number> {
  const { listen, port, credentials } = options
  if (listen.startsWith('unix:')) return await listenOnSocket(server, options)
  try {
    if (listen !== '') return await bindTo(server, `${bracketed(listen)}:${port}`, credentials)
    return await bindToAll(server, options)
  } catch (cause) {
    throw bindError(cause, options)
  }
}

async function listenOnSocket(
  server: Server,
  { listen, credentials }: ListenOptions,
): Promise<number> {
  const path = listen.replace(/^unix:(?:\/\/)?/u, '')
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  rmSync(path, { force: true }) // of an agent that was killed; the lock says that none is alive
  await bindTo(server, `unix:${path}`, credentials)
  chmodSync(path, 0o600)
  return 0
}

/** Both families on one socket; a host without IPv6 has the other. */
async function bindToAll(server: Server, { port, credentials }: ListenOptions): Promise<number> {
  try {
    return await bindTo(server, `[::]:${port}`, credentials)
  } catch (error) {
    if (!/EAFNOSUPPORT|EADDRNOTAVAIL/u.test(sentenceOf(error))) throw error
    return await bindTo(server, `0.0.0.0:${port}`, credentials)
  }
}

function bracketed(address: string): string {
  return isIPv6(address) ? `[${address}]` : address
}

function bindTo(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => {
      if (error) reject(error)
      else resolve(port)
    })
  })
}

function bindError(cause: unknown, { listen, port }: ListenOptions): ErrandError {
  const text = sentenceOf(cause)
  if (text.includes('EADDRINUSE')) {
    return new ErrandError(
      'conflict',
      `port ${port} is already taken by another program on this host; set errand_port to another one in the inventory`,
      { cause },
    )
  }
  if (text.includes('EACCES')) {
    return new ErrandError('denied', `this user may not listen on port ${port}`, { cause })
  }
  return new ErrandError('invalid', `cannot listen on ${listen} port ${port}: ${text}`, { cause })
}
