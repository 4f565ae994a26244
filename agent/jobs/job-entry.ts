import type { JobReport, OutputCount, ProcessIdentity } from '../../proto/job.ts'
import { isOpen, submitting, type LifeWord } from '../../proto/job-life.ts'
import { sessionLedBy, type Tree } from './containment.ts'
import type { EndRecord } from './end-record.ts'
import type { JobFolder } from './job-folder.ts'
import { KeptOutput } from './kept-output.ts'
import type { KernelFiles } from './process-identity.ts'
import type { QueuedJob } from './queued-job.ts'
import { readText } from './read-text.ts'
import type { StoredSpec } from './stored-spec.ts'

/** Where a job is, in the agent's memory: a cache of its folder. */
export type Life =
  | { readonly kind: 'starting' }
  /** It waits for the lock of its spec, or has it and is just being started. */
  | { readonly kind: 'queued'; readonly job: QueuedJob; readonly isStarting: boolean }
  | {
      readonly kind: 'running'
      readonly main: ProcessIdentity
      readonly startedAtMs: number
      /** The agent stands in for the shim. */
      readonly isOrphan: boolean
    }
  | { readonly kind: 'ended'; readonly report: JobReport; readonly seq: number }

/** One job that has a folder. */
export class JobEntry {
  readonly folder: JobFolder
  spec: StoredSpec
  readonly output: KeptOutput
  /** Resolves when the job has ended. */
  readonly ended: Promise<void>
  /** Resolves when it has started, ended, or has to wait; rejects when it could not even be claimed. */
  started: Promise<void> = Promise.resolve()
  life: Life = { kind: 'starting' }
  /** Somebody is ending its tree. */
  isBeingEnded = false
  /** Why it is being ended, where the disk would not take it down. */
  wish: 'cancelled' | 'timed_out' | undefined
  /** Its start is over and nobody knows what came of it. */
  isDoubtful = false
  /** An end that the disk would not take yet. */
  unwrittenEnd: EndRecord | undefined
  /** Why its folder cannot be read now. */
  unreadable: string | undefined
  /** Stops an operation inside the agent. */
  readonly stop = new AbortController()
  #tellEnd: () => void = () => undefined

  /** @param quotaBytes Bytes of each stream that are kept. */
  constructor(folder: JobFolder, spec: StoredSpec, quotaBytes: number) {
    this.folder = folder
    this.output = new KeptOutput(folder, quotaBytes)
    this.spec = spec
    this.ended = new Promise((resolve) => {
      this.#tellEnd = resolve
    })
  }

  /** Where it is, for the state machine that decides what may follow. */
  get word(): LifeWord {
    switch (this.life.kind) {
      case 'starting':
        return submitting
      case 'queued':
        return { kind: 'queued' }
      case 'running':
        return { kind: 'running', process: this.life.main }
      case 'ended':
        return this.life.report.state
    }
  }

  get isOver(): boolean {
    return !isOpen(this.word.kind)
  }

  /** The end is final; those who wait are told. */
  end(report: JobReport, seq: number): void {
    this.life = { kind: 'ended', report, seq }
    this.output.end(report)
    this.#tellEnd()
  }

  /** The tree of its processes, with the session as it is now. */
  tree(kernel: KernelFiles): Tree {
    const main = this.life.kind === 'running' ? this.life.main : undefined
    const { jobId } = this.folder
    const session = sessionLedBy(kernel, main)
    return { jobId, cgroup: this.spec.cgroup, session, sudo: sudoWords(this.folder) }
  }

  /** Bytes written so far. */
  counts(): { readonly stdout: OutputCount; readonly stderr: OutputCount } {
    return { stdout: this.output.count('stdout'), stderr: this.output.count('stderr') }
  }
}

function sudoWords(folder: JobFolder): readonly string[] {
  const text = readText(folder.sudo)?.trim() ?? ''
  return text === '' ? [] : text.split(' ')
}
