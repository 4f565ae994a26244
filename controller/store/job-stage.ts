import type { JobStage } from '../../proto/job-life.ts'
import type { JobRow } from './store.ts'

/** Where a job of the record is. */
export function stageOf({ report, expiresAtMs }: Pick<JobRow, 'report' | 'expiresAtMs'>): JobStage {
  if (report) return report.state.kind
  return expiresAtMs === undefined ? 'submitting' : 'waiting'
}
