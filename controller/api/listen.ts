import { Server, ServerCredentials } from '@grpc/grpc-js'
import { rmSync } from 'node:fs'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import type { ControlHandlers } from '../../proto/gen/errand/control/v1/Control.ts'
import { channelOptions, loadControlService } from '../../proto/load.ts'

export interface ListenOptions {
  /** In a folder that only the user can enter; a socket that a dead controller left there is replaced. */
  readonly socket: string
  readonly handlers: ControlHandlers
  /** How long calls have to end when the service closes. */
  readonly graceMs: number
}

/**
 * Serves the control service until disposed of. The caller holds the lock of the controller's home.
 *
 * @throws {ErrandError} `denied` when the socket cannot be made.
 */
export async function listen({
  socket,
  handlers,
  graceMs,
}: ListenOptions): Promise<AsyncDisposable> {
  rmSync(socket, { force: true })
  const server = new Server(channelOptions)
  server.addService(loadControlService(), handlers)
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) => {
      if (error)
        reject(new ErrandError('denied', `cannot listen on ${socket}: ${sentenceOf(error)}`))
      else resolve()
    })
  })
  return {
    [Symbol.asyncDispose]: async () => {
      await close(server, graceMs)
      rmSync(socket, { force: true })
    },
  }
}

/** Lets calls end, then cuts those that did not. */
async function close(server: Server, graceMs: number): Promise<void> {
  const force = setTimeout(() => server.forceShutdown(), graceMs)
  await new Promise<void>((resolve) => {
    server.tryShutdown(() => resolve())
  })
  clearTimeout(force)
}
