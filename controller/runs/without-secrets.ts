import type { RunRequest } from '../../proto/run.ts'

/** The request as the record may keep it: without passwords, and of the environment only what says how to run. */
export function withoutSecrets(request: RunRequest): RunRequest {
  const { becomePassword: _become, sshPassword: _ssh, ...connection } = request.connection
  const environment = Object.fromEntries(
    Object.entries(request.environment).filter(([name]) => isKept(name)),
  )
  const { promptAnswers: _answers, ...rest } = request
  return { ...rest, connection, vaultPasswords: [], environment }
}

function isKept(name: string): boolean {
  if (/PASS|SECRET|TOKEN|CREDENTIAL/u.test(name)) return false
  return name.startsWith('ANSIBLE_') || plainNames.includes(name)
}

const plainNames = ['HOME', 'USER', 'LOGNAME', 'PATH', 'LANG', 'SHELL', 'SSH_AUTH_SOCK', 'TZ']
