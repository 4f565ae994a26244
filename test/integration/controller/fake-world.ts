import { clientSettings } from '../../../controller/client-settings.ts'
import type { World } from '../../../controller/daemon.ts'
import type { RunContext } from '../../../controller/runs.ts'
import type { Store } from '../../../controller/store/store.ts'
import { ErrandError } from '../../../proto/errors.ts'
import { newJobId, type JobId, type JobReport, type JobState } from '../../../proto/job.ts'
import type { RunRequest } from '../../../proto/run.ts'
import { newMap } from '../../../proto/value.ts'

/** A fleet without hosts: its jobs are rows of the record, which the test moves on. */
export class FakeWorld implements World {
  readonly #store: Store
  readonly #waiting = new Map<JobId, PromiseWithResolvers<JobReport>>()
  #released = Promise.withResolvers<void>()

  constructor(store: Store) {
    this.#store = store
  }

  readonly fleet = {
    connectedHosts: 0,
    connection: () => ({ state: 'connected' as const }),
    onNewJob: () => () => {},
    progress: async () => [],
    matchHosts: async (pattern: string, { known }: { readonly known: readonly string[] }) =>
      known.filter((name) => name === pattern),
    wait: (jobId: JobId) => this.#promise(jobId).promise,
    cancel: async (jobId: JobId) =>
      this.finish(jobId, { kind: 'cancelled', startedAtMs: 1, endedAtMs: 2 }),
    followOutput: async function* (
      _jobId: JobId,
      { stream, offset }: { stream: string; offset: number },
    ) {
      const data = new TextEncoder().encode(`${stream} of the job\n`).subarray(offset)
      if (data.length > 0) yield { offset, data }
    },
    install: async function* () {
      yield { host: 'web1', step: 'done' as const, message: 'the agent answers' }
    },
    upgrade: async function* () {
      yield { host: 'web1', step: 'skipped' as const, message: 'already up to date' }
    },
    build: () => Promise.resolve('current' as const),
    uninstall: async function* () {
      yield {
        host: 'web1',
        step: 'failed' as const,
        message: 'no route',
        errorCode: 'unreachable' as const,
      }
    },
  }

  readonly takeUp = () => Promise.resolve()

  readonly language = {
    settings: clientSettings,
    prompts: async () => [],
    inventory: async () => ({
      text: '@all:',
      sourceLine: 'No config file found; using defaults',
      warnings: [],
      notes: [],
    }),
  }

  /** Lets runs of the playbook `wait.yml` go on. */
  release(): void {
    this.#released.resolve()
  }

  async finish(jobId: JobId, state: JobState): Promise<JobReport> {
    const report = reportOf(jobId, state)
    await this.#store.jobs.report(jobId, report, 3)
    this.#promise(jobId).resolve(report)
    return report
  }

  /** A run of one task; `wait.yml` waits inside of it, `job.yml` leaves a job behind, `broken.yml` cannot be read. */
  execute = async (
    request: RunRequest,
    { runId, record, recorded, signal }: RunContext,
  ): Promise<number> => {
    // Where real runs go on, this one is over.
    if (recorded) return 0
    const [playbook = ''] = request.playbooks
    if (playbook === 'failing.yml') return 2
    if (playbook === 'unreachable.yml') return 4
    if (playbook === 'defect.yml') throw new Error('a defect')
    if (playbook === 'broken.yml') throw new ErrandError('syntax', 'broken.yml:1:1: not a playbook')
    await record.append({ kind: 'play_started', play: 'all', hosts: ['web1'] })
    await record.append({
      kind: 'task_started',
      taskId: 't1',
      task: 'say hello',
      isHandler: false,
      module: 'command',
      path: `${playbook}:1`,
      check: false,
    })
    if (playbook === 'wait.yml') {
      const aborted = Promise.withResolvers<void>()
      signal.addEventListener('abort', () => aborted.resolve())
      await Promise.race([this.#released.promise, aborted.promise])
      signal.throwIfAborted()
    }
    await record.append({
      kind: 'host_result',
      taskId: 't1',
      task: 'say hello',
      module: 'command',
      host: { host: 'web1' },
      status: 'changed',
      isIgnored: false,
      hasItems: false,
      result: newMap([
        ['changed', true],
        ['stdout', 'hello'],
        ['rc', 0],
      ]),
    })
    const counts = {
      ok: 1,
      changed: 1,
      unreachable: 0,
      failed: 0,
      skipped: 0,
      rescued: 0,
      ignored: 0,
    }
    await record.append({ kind: 'stats', stats: { web1: counts } })
    if (playbook === 'job.yml') await this.#leaveJob(runId)
    return 0
  }

  async #leaveJob(runId: string): Promise<void> {
    const jobId = newJobId(Date.now())
    await this.#store.jobs.create({
      jobId,
      host: 'web1',
      agentId: 'a1',
      runId,
      taskId: 't1',
      name: 'say hello',
      isAsync: true,
      createdAtMs: 1,
      report: undefined,
      lastSeenMs: undefined,
      isForgotten: false,
    })
    await this.#store.jobs.report(
      jobId,
      reportOf(jobId, {
        kind: 'running',
        startedAtMs: 1,
        process: { pid: 7, startTicks: '1', bootId: 'b' },
      }),
      2,
    )
  }

  #promise(jobId: JobId): PromiseWithResolvers<JobReport> {
    const known = this.#waiting.get(jobId)
    if (known) return known
    const made = Promise.withResolvers<JobReport>()
    this.#waiting.set(jobId, made)
    return made
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

function reportOf(jobId: JobId, state: JobState): JobReport {
  return {
    jobId,
    name: 'say hello',
    state,
    stdout: { keptBytes: 18, droppedBytes: 0 },
    stderr: { keptBytes: 18, droppedBytes: 0 },
    containment: 'session',
  }
}
