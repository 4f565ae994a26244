/** Operations that run inside the agent's own process: milliseconds each. */
import { writeFileSync } from 'node:fs'
import { sentenceOf } from '../../proto/errors.ts'
import type { JobSpec, ProcessIdentity } from '../../proto/job.ts'
import type { EndRecord } from './end-record.ts'
import type { JobFolder } from './job-folder.ts'
import type { Privilege } from './privilege.ts'
import { identify, identityText, type KernelFiles } from './process-identity.ts'

/** Where the agent's operations are found; `jobs` does not know them. */
export interface InlineOperations {
  readonly has: (operation: string) => boolean
  /** Runs one to its result, JSON text. Throws only for a defect, or when `signal` aborts. */
  readonly run: (operation: string, argsJson: string, context: InlineRun) => Promise<string>
}

/** What one run is given. */
interface InlineRun {
  /** Of the agent's own user, with what the task adds. */
  readonly environment: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** Whether this job is done inside the agent: an operation, as the agent's own user, without a time limit, and wherever it is. */
export function isInline(spec: JobSpec, privilege: Privilege): boolean {
  const { work, timeLimitMs, cwd } = spec
  if (work.kind !== 'operation' || timeLimitMs > 0 || cwd !== undefined) return false
  const { user } = spec.runAs
  return user === '' || user === privilege.own.name
}

/** Writes down that this very process does the job: after a crash nobody takes it for running. */
export function claimInline(folder: JobFolder, kernel: KernelFiles): ProcessIdentity {
  const self = identify(kernel, process.pid) ?? { pid: process.pid, startTicks: '0', bootId: '' }
  writeFileSync(folder.shim, identityText(self), { mode: 0o600, flag: 'wx' })
  return self
}

export interface InlineContext {
  readonly operations: InlineOperations
  readonly folder: JobFolder
  readonly environment: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** Runs the operation and lays its result where a program's output would be. */
export async function runInline(spec: JobSpec, context: InlineContext): Promise<EndRecord> {
  const { operations, folder, environment, signal } = context
  if (spec.work.kind !== 'operation') throw new Error('only operations run inline')
  const { operation, argsJson } = spec.work
  if (!operations.has(operation)) return unknownOperation(operation)
  let output: string
  let end: EndRecord = { kind: 'ended', exit: { kind: 'exit', exitCode: 0 } }
  let file = folder.stdout
  try {
    output = await operations.run(operation, argsJson, { environment, signal })
  } catch (error) {
    if (signal.aborted) return { kind: 'cancelled' }
    output = `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`
    end = { kind: 'ended', exit: { kind: 'exit', exitCode: 1 } }
    file = folder.stderr
  }
  try {
    writeFileSync(file, output, { mode: 0o600 })
    return end
  } catch (error) {
    return {
      kind: 'lost',
      evidence: `done, but its result could not be written: ${sentenceOf(error)}`,
    }
  }
}

/** The end of a job that asks for what this version of the agent cannot do. */
export function unknownOperation(operation: string): EndRecord {
  return {
    kind: 'not_started',
    errno: 'ENOSYS',
    message: `this agent has no operation ${operation}`,
  }
}
