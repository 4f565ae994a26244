import type { RunEventBody } from '../../../proto/run.ts'
import type { Screen } from './screen.ts'

/** A message of the run itself. */
export function showMessage(
  screen: Screen,
  { level, text, verbosity = 0 }: Extract<RunEventBody, { kind: 'message' }>,
  shownFrom: number,
): void {
  if (level === 'warning') screen.warn(text)
  else if (level === 'deprecation') screen.deprecate(text)
  else if (level === 'error') screen.error(text)
  else if (shownFrom >= verbosity) screen.line(text, verbosity > 0 ? 'verbose' : undefined)
}

/** Why a run ended that did not end by itself. */
export function showRunEnd(
  screen: Screen,
  { exitCode, error }: Extract<RunEventBody, { kind: 'run_ended' }>,
): void {
  if (error === undefined) return
  if (exitCode === 99) screen.interrupt(error)
  else screen.fail(error)
}
