import type { HostTarget } from '../../run/ports.ts'
import { connectRoute } from './connect.ts'
import { tryAgain } from './try-again.ts'
import { hopsTo, type HopOptions } from './hops.ts'
import { RemoteShell } from './remote-shell.ts'

/** A shell on a host. Disposing it closes the SSH connection, and all of its jump hosts'. */
export interface SshShell extends AsyncDisposable {
  readonly shell: RemoteShell
  /** The login. */
  readonly user: string
  /** Where the host was reached, as ssh_config resolved it. */
  readonly address: string
}

/**
 * Opens the one SSH connection that an installation needs.
 *
 * @throws {ErrandError} `unreachable`, `denied`, `invalid` or `unsupported`.
 */
export async function openShell(
  target: HostTarget,
  options: HopOptions & { readonly signal: AbortSignal },
): Promise<SshShell> {
  const hops = hopsTo(target, options)
  const { signal } = options
  const connect = () => connectRoute(hops, { signal })
  const route = await tryAgain(connect, { retries: target.sshRetries, signal })
  const last = hops.at(-1)
  return {
    shell: new RemoteShell(route.client, target.name),
    user: last?.user ?? '',
    address: last?.host ?? target.address,
    [Symbol.asyncDispose]: () => route[Symbol.asyncDispose](),
  }
}
