import { status } from '@grpc/grpc-js'

/**
 * Why something could not be done. Closed: a new code has its gRPC status and exit code below.
 *
 * - `invalid`: the input is wrong; the message says where.
 * - `usage`: what the command line says makes no sense, though it can be read.
 * - `syntax`: a playbook or another file of the user's cannot be read.
 * - `not_found`: no such job, run, host or file.
 * - `conflict`: it exists already, or it belongs to somebody else.
 * - `unreachable`: the host, the agent or the controller does not answer.
 * - `denied`: not let in, or not let do it: keys, certificates, rights.
 * - `unsupported`: it is right but this host or version cannot do it.
 * - `exhausted`: a disk, a quota or a limit is full.
 * - `cancelled`: somebody asked to stop.
 * - `interrupted`: the user broke the run off.
 * - `internal`: a defect of ours; the detail stays in our log.
 */
export type ErrorCode =
  | 'invalid'
  | 'usage'
  | 'syntax'
  | 'not_found'
  | 'conflict'
  | 'unreachable'
  | 'denied'
  | 'unsupported'
  | 'exhausted'
  | 'cancelled'
  | 'interrupted'
  | 'internal'

/** The one error class that crosses a folder boundary; `cause` keeps the original. */
export class ErrandError extends Error {
  override readonly name = 'ErrandError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

interface CodeMeaning {
  readonly status: status
  /** The process exit code, as ansible-playbook's where it has one. */
  readonly exitCode: number
}

const meanings: Readonly<Record<ErrorCode, CodeMeaning>> = {
  invalid: { status: status.INVALID_ARGUMENT, exitCode: 1 },
  usage: { status: status.OUT_OF_RANGE, exitCode: 5 },
  syntax: { status: status.FAILED_PRECONDITION, exitCode: 4 },
  not_found: { status: status.NOT_FOUND, exitCode: 1 },
  conflict: { status: status.ALREADY_EXISTS, exitCode: 1 },
  unreachable: { status: status.UNAVAILABLE, exitCode: 4 },
  denied: { status: status.PERMISSION_DENIED, exitCode: 4 },
  unsupported: { status: status.UNIMPLEMENTED, exitCode: 1 },
  exhausted: { status: status.RESOURCE_EXHAUSTED, exitCode: 1 },
  cancelled: { status: status.CANCELLED, exitCode: 99 },
  interrupted: { status: status.ABORTED, exitCode: 99 },
  internal: { status: status.INTERNAL, exitCode: 250 },
}

/** The exit code for an error that ended a command. */
export function exitCodeOf(error: unknown): number {
  return error instanceof ErrandError ? meanings[error.code].exitCode : meanings.internal.exitCode
}

/** The gRPC status for an error that a call ends with. */
export function statusOf(error: unknown): status {
  return error instanceof ErrandError ? meanings[error.code].status : status.INTERNAL
}

/** The code that a gRPC status stands for; what has none is `internal`. */
export function codeOfStatus(code: status | undefined): ErrorCode {
  if (code === status.DEADLINE_EXCEEDED) return 'unreachable'
  if (code === status.UNAUTHENTICATED) return 'denied'
  for (const [name, meaning] of Object.entries(meanings)) {
    if (meaning.status === code) return name as ErrorCode
  }
  return 'internal'
}

/** The name of a code that came over the wire; unknown ones are `internal`. */
export function errorCodeFrom(text: string): ErrorCode {
  return Object.hasOwn(meanings, text) ? (text as ErrorCode) : 'internal'
}

/** One sentence for a person: an ErrandError's own, or what another error says. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
