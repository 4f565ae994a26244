/** How the hosts of a run ended, for its exit code. */
export interface RunEnd {
  readonly hasUnreachable: boolean
  readonly hasFailed: boolean
}

/** 4 when some host was unreachable (it wins over failed), 2 when some host failed, else 0. */
export function exitCode(end: RunEnd): number {
  if (end.hasUnreachable) return 4
  return end.hasFailed ? 2 : 0
}
