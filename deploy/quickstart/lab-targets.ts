import { startLab } from '../../test/lab/lab.ts'
import type { Targets } from './targets.ts'

/** For root on Linux: real hosts out of namespaces, each with its own OpenSSH, address, disk and `/opt`. */
export async function labTargets(names: readonly string[]): Promise<Targets> {
  const lab = await startLab({ hosts: names.length, names })
  return {
    hosts: lab.hosts.map(({ name, address, port, user }) => ({
      name,
      address,
      port,
      user,
      agentPort: 7433,
    })),
    prefix: lab.controllerPrefix,
    keyFile: lab.keyFile,
    knownHostsFile: lab.knownHostsFile,
    home: lab.home,
    optFolder: '/opt',
    description: 'two hosts out of namespaces, each with its own OpenSSH, address, disk and /opt',
    [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose](),
  }
}
