import type { Value } from '../../proto/value.ts'
import { hostTarget, type ConnectionSource } from './host-target.ts'

type Read = (host: string, source: ConnectionSource) => Value | undefined

/** The localhost that no inventory names is reached at an address, and called by a name. */
const address: Read = (host, source) => {
  const { address: written } = hostTarget(host, source)
  return source.isImplicit && written === 'localhost' ? '127.0.0.1' : written
}
const user: Read = (host, source) => hostTarget(host, source).user
const port: Read = (host, source) => hostTarget(host, source).sshPort
const timeout: Read = (host, source) => hostTarget(host, source).timeoutMs / 1000
const keyFile: Read = (host, source) => hostTarget(host, source).privateKeyFile

/**
 * Variables that a task has though nobody set them: how its host is reached, by keywords, flags and the configuration.
 */
export const connectionVariables: ReadonlyMap<string, Read> = new Map([
  ['ansible_host', address],
  ['ansible_ssh_host', address],
  ['ansible_user', user],
  ['ansible_ssh_user', user],
  ['ansible_port', port],
  ['ansible_ssh_port', port],
  ['ansible_timeout', timeout],
  ['ansible_ssh_timeout', timeout],
  ['ansible_private_key_file', keyFile],
  ['ansible_ssh_private_key_file', keyFile],
  ['ansible_connection', (host, source) => hostTarget(host, source).connection],
])
