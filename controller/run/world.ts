import type { Logger } from 'pino'
import type { RunId } from '../../proto/run.ts'
import type { Recorded } from './checkpoints.ts'
import type {
  AgentsPort,
  AnswersPort,
  ClockPort,
  JobsPort,
  ModulesPort,
  PluginsPort,
  RecordPort,
} from './ports.ts'

/** All that a run reaches: what it does in the world goes through these. */
export interface World {
  readonly agents: AgentsPort
  readonly jobs: JobsPort
  readonly record: RecordPort
  /** Of a run that another controller began. */
  readonly recorded?: Recorded
  readonly answers: AnswersPort
  readonly modules: ModulesPort
  readonly plugins: PluginsPort
  readonly clock: ClockPort
  readonly log: Logger
  readonly runId: RunId
  /** Aborted: no new tasks; jobs that run are left running and named. */
  readonly signal: AbortSignal
}
