/** The tables of the embedded database, as the newest migration leaves them. Times are milliseconds since the epoch. */
export interface Schema {
  readonly runs: RunTable
  readonly events: EventTable
  readonly jobs: JobTable
  readonly hosts: HostTable
  readonly checkpoints: CheckpointTable
}

interface RunTable {
  run_id: string
  /** JSON of a RunRequest without its secrets. */
  request: string
  state: string
  started_at_ms: number
  ended_at_ms: number | null
  exit_code: number | null
}

interface EventTable {
  run_id: string
  seq: number
  at_ms: number
  /** JSON of a RunEventBody. */
  body: string
}

interface JobTable {
  job_id: string
  host: string
  agent_id: string
  run_id: string
  task_id: string
  name: string
  is_async: number
  created_at_ms: number
  /** `waiting`, `submitting` or the kind of the report's JobState. */
  state: string
  /** JSON of the last JobReport, without its inline output. */
  report: string | null
  inline_stdout: Uint8Array | null
  inline_stderr: Uint8Array | null
  last_seen_ms: number | null
  is_forgotten: number
  /** JSON: text by name. */
  labels: string
  /** Equal for jobs of the same task; empty where nobody asks. */
  same_task: string
  has_output: number
  /** `lines` or `percent`. */
  progress: string
  /** Where in its run it was started; empty where nobody asks. */
  position: string
  /** At most one job with it at a time is on its host; empty: none. */
  lock: string
  /** Of a job that waits for its host, or did: when it is given up. */
  expires_at_ms: number | null
}

interface CheckpointTable {
  run_id: string
  /** Where in its run. */
  position: string
  /** JSON, or empty. */
  value: string
}

interface HostTable {
  name: string
  address: string
  agent_port: number
  agent_id: string
  journal_id: string
  last_seq: number
  agent_user: string
  is_root: number
  version: string
  containment: string
  bundle_hash: string
  installed_at_ms: number
  last_seen_ms: number | null
  /** JSON of a Way without its passwords; empty: not known. */
  way: string
}
