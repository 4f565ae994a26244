import type { ConnectionDefaults } from '../vars/host-target.ts'

/** How hosts are reached where neither variables nor keywords nor flags say: the ANSIBLE_* variables, then Ansible's own. */
export function connectionDefaults(
  environment: Readonly<Record<string, string>>,
): ConnectionDefaults {
  const text = (name: string) => (environment[name] === '' ? undefined : environment[name])
  const number = (name: string) => {
    const value = Number(text(name) ?? Number.NaN)
    return Number.isFinite(value) ? value : undefined
  }
  return {
    remoteUser: text('ANSIBLE_REMOTE_USER'),
    remotePort: number('ANSIBLE_REMOTE_PORT'),
    privateKeyFile: text('ANSIBLE_PRIVATE_KEY_FILE'),
    transport: text('ANSIBLE_TRANSPORT') ?? 'ssh',
    timeoutSeconds: number('ANSIBLE_TIMEOUT') ?? 10,
    become: /^(?:y|yes|on|1|true|t)$/iu.test(text('ANSIBLE_BECOME') ?? ''),
    becomeMethod: text('ANSIBLE_BECOME_METHOD') ?? 'sudo',
    becomeUser: text('ANSIBLE_BECOME_USER') ?? 'root',
    becomeFlags: text('ANSIBLE_BECOME_FLAGS'),
    sshCommonArgs: text('ANSIBLE_SSH_COMMON_ARGS'),
  }
}
