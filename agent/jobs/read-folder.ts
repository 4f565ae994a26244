/** What a job's folder says about the job, tested against the processes that are there. */
import { closeSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import type { ProcessIdentity } from '../../proto/job.ts'
import { parseEnd, type EndRecord } from './end-record.ts'
import type { JobFolder } from './job-folder.ts'
import {
  isAlive,
  parseIdentity,
  readBootId,
  readBootTimeMs,
  type KernelFiles,
} from './process-identity.ts'
import { parseStoredSpec, type StoredSpec } from './stored-spec.ts'

/** Where a job is, as far as its folder and the kernel tell. */
export type FolderState =
  /** Nobody has started it, and nobody will: it may be dropped as if it had never been asked for. */
  | { readonly kind: 'never_started' }
  /** The shim has claimed the folder and is about to start the program. */
  | { readonly kind: 'starting' }
  | {
      readonly kind: 'running'
      readonly main: ProcessIdentity
      /** The shim has gone, the program has not: the agent keeps its time limit. */
      readonly isOrphan: boolean
    }
  | { readonly kind: 'ended'; readonly end: EndRecord; readonly isRecorded: boolean }

/** Reads a job's spec. */
export function readSpec(folder: JobFolder): StoredSpec {
  return parseStoredSpec(folder.jobId, readText(folder.spec) ?? '')
}

/** Reads and tests. Changes nothing. */
export function readFolder(folder: JobFolder, kernel: KernelFiles): FolderState {
  const recorded = readEnd(folder)
  if (recorded) return { kind: 'ended', end: recorded, isRecorded: true }
  const shimText = readText(folder.shim)
  if (shimText === undefined || shimText === calledOff) return { kind: 'never_started' }
  const shim = parseIdentity(shimText)
  if (!shim) return { kind: 'starting' }
  const main = parseIdentity(readText(folder.process) ?? '')
  if (isAlive(kernel, shim)) {
    return main ? { kind: 'running', main, isOrphan: false } : { kind: 'starting' }
  }
  if (main && isAlive(kernel, main)) return { kind: 'running', main, isOrphan: true }
  // The shim may have ended between our two looks.
  const end = readEnd(folder)
  if (end) return { kind: 'ended', end, isRecorded: true }
  return { kind: 'ended', end: unrecordedEnd({ folder, kernel, shim, main }), isRecorded: false }
}

/** The record of how the job ended, when there is a whole one. */
export function readEnd(folder: JobFolder): EndRecord | undefined {
  const text = readText(folder.end)
  return text === undefined ? undefined : parseEnd(text)
}

interface Unrecorded {
  readonly folder: JobFolder
  readonly kernel: KernelFiles
  readonly shim: ProcessIdentity
  readonly main: ProcessIdentity | undefined
}

function unrecordedEnd({ folder, kernel, shim, main }: Unrecorded): EndRecord {
  if (shim.bootId !== readBootId(kernel)) {
    const bootMs = readBootTimeMs(kernel)
    const when = bootMs === undefined ? '' : ` at ${new Date(bootMs).toISOString()}`
    return { kind: 'lost', evidence: `host rebooted${when}` }
  }
  if (readSpec(folder).kind === 'inline') {
    return {
      kind: 'lost',
      evidence: 'the agent was stopped while it was doing this, no end recorded',
    }
  }
  if (exists(folder.timedOut)) return { kind: 'timed_out' }
  if (exists(folder.cancel)) return { kind: 'cancelled' }
  const started = main ? '' : ', and it is not known whether it had started the program'
  return { kind: 'lost', evidence: `shim gone, no end recorded${started}` }
}

const calledOff = 'called off\n'

/**
 * Keeps a shim that may be on its way from starting the program: whoever writes the shim's file first decides.
 *
 * @returns false when the shim was first.
 */
export function callOff(folder: JobFolder): boolean {
  try {
    const fd = openSync(folder.shim, 'wx', 0o600)
    writeSync(fd, calledOff)
    closeSync(fd)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return readText(folder.shim) === calledOff
  }
}

/** When a file was last written, in milliseconds; undefined when it is not there. */
export function writtenAtMs(file: string): number | undefined {
  try {
    return Math.floor(statSync(file).mtimeMs)
  } catch {
    return undefined
  }
}

/** Whether a file is there. */
export function exists(file: string): boolean {
  return writtenAtMs(file) !== undefined
}

/** The text of a small file; undefined when it is not there. */
export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
