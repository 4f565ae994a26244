/**
 * A job's life as a state machine. Agent and controller, whenever they hear something of a job, ask here whether it may
 * replace what they know; nobody else decides that.
 */

const ends = ['succeeded', 'failed', 'timed_out', 'cancelled', 'lost'] as const

/**
 * `waiting`: it has not been sent, since its host is away; the record alone knows it. `submitting`: its id is taken, and
 * nobody has seen a process or an end of it yet. `queued`: its agent has it and waits for a lock. `expired`: its host was
 * away for too long, and it was never sent.
 */
export type JobStage =
  | 'waiting'
  | 'submitting'
  | 'queued'
  | 'running'
  | 'expired'
  | (typeof ends)[number]

/** What may come next. An end has nothing after it. */
const whatFollows: Readonly<Record<JobStage, readonly JobStage[]>> = {
  waiting: ['submitting', 'expired', 'cancelled', 'lost'],
  submitting: ['queued', 'running', ...ends],
  queued: ['running', ...ends],
  running: ends,
  succeeded: [],
  failed: [],
  timed_out: [],
  cancelled: [],
  lost: [],
  expired: [],
}

/** All stages that a job can be in. */
export const jobStages = Object.keys(whatFollows) as readonly JobStage[]

/** The stages of jobs that have not ended. */
export const openStages = jobStages.filter(isOpen)

/** What the life of a job is told by: a stage, and while it runs the process that was seen alive. */
export interface LifeWord {
  readonly kind: JobStage
  readonly process?: {
    readonly pid: number
    readonly startTicks: string
    readonly bootId: string
  }
}

/**
 * - `step`: the job has gone on;
 * - `same`: what was known is said again, perhaps with newer numbers;
 * - `refused`: it cannot be, or comes too late; what was known stands.
 */
export type Verdict = 'step' | 'same' | 'refused'

/** Whether `said` may replace `known`. A second process under the same id would be a second run: it is refused. */
export function judge(known: LifeWord, said: LifeWord): Verdict {
  if (whatFollows[known.kind].includes(said.kind)) return 'step'
  const isSame = known.kind === said.kind && isOpen(known.kind) && sameProcess(known, said)
  return isSame ? 'same' : 'refused'
}

/** Whether anything may follow. */
export function isOpen(stage: JobStage): boolean {
  return whatFollows[stage].length > 0
}

/** What nobody has said anything of. */
export const submitting: LifeWord = { kind: 'submitting' }

function sameProcess({ process: known }: LifeWord, { process: said }: LifeWord): boolean {
  return (
    known?.pid === said?.pid &&
    known?.startTicks === said?.startTicks &&
    known?.bootId === said?.bootId
  )
}
