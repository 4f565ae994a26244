import type { RecordedPlace } from '../run/ports.ts'

/** What is thought of going on with a run that controllers before this one went on with. */
export type Verdict =
  | 'fine'
  /** They died each time before anything more of it was done; so may have done others beside it. */
  | 'suspect'
  /** The last one died with no other suspect beside it. */
  | 'guilty'

/** So many starts with nothing done are suspect, when all of them are younger than that. */
const mostInVain = 10
const windowMs = 600_000

interface Start {
  readonly atMs: number
  /** How much of the run was in the record. */
  readonly done: number
  readonly isAlone: boolean
}

/** A checkpoint for each time that a controller goes on with a run, written before it does. */
export function startMark(
  checkpoints: ReadonlyMap<string, string>,
  { atMs, isAlone }: Pick<Start, 'atMs' | 'isAlone'>,
): RecordedPlace {
  const start: Start = { atMs, isAlone, done: doneIn(checkpoints) }
  return { position: `${prefix}${atMs}${isAlone ? '.alone' : ''}`, value: JSON.stringify(start) }
}

/** Judges a run by the starts in its checkpoints. */
export function judgeStarts(checkpoints: ReadonlyMap<string, string>, nowMs: number): Verdict {
  const done = doneIn(checkpoints)
  const inVain = [...checkpoints]
    .filter(([position]) => position.startsWith(prefix))
    .map(([, value]) => JSON.parse(value) as Start)
    .filter((start) => start.done === done && start.atMs > nowMs - windowMs)
  if (inVain.some(({ isAlone }) => isAlone)) return 'guilty'
  return inVain.length >= mostInVain ? 'suspect' : 'fine'
}

const prefix = 'start:'

function doneIn(checkpoints: ReadonlyMap<string, string>): number {
  return checkpoints
    .keys()
    .filter((position) => !position.startsWith(prefix))
    .toArray().length
}
