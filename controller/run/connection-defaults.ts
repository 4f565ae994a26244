import type { AnsibleConfig } from '../config-file.ts'
import type { ConnectionDefaults } from '../vars/host-target.ts'

/** How hosts are reached where neither variables nor keywords nor flags say. */
export function connectionDefaults(config: AnsibleConfig): ConnectionDefaults {
  const {
    remoteUser,
    remotePort,
    privateKeyFile,
    transport,
    timeoutSeconds,
    become,
    becomeMethod,
    becomeUser,
    becomeFlags,
    sshCommonArgs,
    sshRetries,
  } = config
  return {
    remoteUser,
    remotePort,
    privateKeyFile,
    transport,
    timeoutSeconds,
    become,
    becomeMethod,
    becomeUser,
    becomeFlags,
    sshCommonArgs,
    sshRetries,
  }
}
