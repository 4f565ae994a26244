import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import ssh2, { type AuthContext, type Connection, type ServerChannel } from 'ssh2'

export interface SshServerOptions {
  /** PEM or OpenSSH text of the server's private key. */
  readonly hostKey: string
  /** The one public key that is let in, in the form of an authorized_keys line. */
  readonly clientKey: string
  /** The environment of what is run: HOME, PATH … */
  readonly environment: Readonly<Record<string, string>>
  /** Whose rights it has; undefined: ours. */
  readonly account: { readonly uid: number; readonly gid: number } | undefined
}

/** A small SSH server inside this process, on a free port of 127.0.0.1: runs commands as this process's user. */
export class SshServer implements AsyncDisposable {
  readonly port: number
  readonly #server: ssh2.Server

  private constructor(server: ssh2.Server, port: number) {
    this.#server = server
    this.port = port
  }

  /** Listens. The caller disposes of it. */
  static async start(options: SshServerOptions): Promise<SshServer> {
    const server = new ssh2.Server({ hostKeys: [options.hostKey] }, (connection) => {
      serve(connection, options)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new SshServer(server, (server.address() as AddressInfo).port)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }
}

function serve(connection: Connection, options: SshServerOptions): void {
  const allowed = ssh2.utils.parseKey(options.clientKey)
  if (allowed instanceof Error) throw allowed
  connection.on('authentication', (context) => {
    if (isAllowed(context, allowed)) context.accept()
    else context.reject(['publickey'])
  })
  connection.on('session', (accept) => {
    accept().on('exec', (acceptExec, _reject, { command }) => {
      execute(acceptExec(), command, options)
    })
  })
  // A client that breaks off is no concern of the next one.
  connection.on('error', () => undefined)
}

function isAllowed(context: AuthContext, allowed: ssh2.ParsedKey): boolean {
  if (context.method !== 'publickey') return false
  if (!context.key.data.equals(allowed.getPublicSSH())) return false
  if (!context.signature || !context.blob) return true // it only asks whether the key would do
  return allowed.verify(context.blob, context.signature, context.hashAlgo)
}

function execute(
  channel: ServerChannel,
  command: string,
  { environment, account }: SshServerOptions,
): void {
  const place = { env: environment, cwd: environment['HOME'], ...account }
  const child = spawn('/bin/sh', ['-c', command], place)
  channel.pipe(child.stdin)
  child.stdin.on('error', () => undefined) // it ended without reading all
  child.stdout.pipe(channel, { end: false })
  child.stderr.pipe(channel.stderr, { end: false })
  child.once('close', (code, signal) => {
    if (signal) channel.exit(signal)
    else channel.exit(code ?? 1)
    channel.end()
  })
}
