import type { RunRequest } from '../../proto/run.ts'

/** The request as the record may keep it: without passwords. */
export function withoutSecrets(request: RunRequest): RunRequest {
  const { becomePassword: _become, sshPassword: _ssh, ...connection } = request.connection
  return { ...request, connection, vaultPasswords: [] }
}
