/** How the hosts of a run ended, for its exit code. */
export interface RunEnd {
  /** any_errors_fatal or max_fail_percentage ended it. Default false. */
  readonly isBroken?: boolean
  readonly hasUnreachable: boolean
  readonly hasFailed: boolean
}

/**
 * 4 when some host was unreachable (it wins over failed), 2 when some host failed, else 0; a run that was broken off has
 * failed, whatever its hosts did.
 */
export function exitCode(end: RunEnd): number {
  if (end.isBroken === true) return 2
  if (end.hasUnreachable) return 4
  return end.hasFailed ? 2 : 0
}
