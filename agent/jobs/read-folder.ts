/** What a job's folder says about the job, tested against the processes that are there. */
import { closeSync, openSync, writeSync } from 'node:fs'
import type { ProcessIdentity } from '../../proto/job.ts'
import { parseEnd, type EndRecord } from './end-record.ts'
import { heldEnd } from './find-shim.ts'
import type { JobFolder } from './job-folder.ts'
import {
  isAlive,
  parseIdentity,
  readBootId,
  readBootTimeMs,
  type KernelFiles,
} from './process-identity.ts'
import { exists, readText } from './read-text.ts'
import { parseStoredSpec, type StoredSpec } from './stored-spec.ts'

/** Where a job is, as far as its folder and the kernel tell. */
export type FolderState =
  /** Nobody has started it, and nobody will: it may be dropped as if it had never been asked for. */
  | { readonly kind: 'never_started' }
  /** It waits for its turn. */
  | { readonly kind: 'queued' }
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

/**
 * Reads and tests. Changes nothing.
 *
 * @throws what the system said when a file is there and cannot be read.
 */
export function readFolder(folder: JobFolder, kernel: KernelFiles): FolderState {
  const recorded = readEnd(folder)
  if (recorded) return { kind: 'ended', end: recorded, isRecorded: true }
  const shimText = readText(folder.shim)
  if (shimText === undefined && exists(folder.queued)) return { kind: 'queued' }
  if (shimText === undefined || shimText === calledOff) return { kind: 'never_started' }
  const shim = parseIdentity(shimText)
  const mainText = readText(folder.process) ?? ''
  const main = parseIdentity(mainText)
  if (!shim) return withoutShim(main, kernel)
  if (isAlive(kernel, shim)) {
    const end = main && !isAlive(kernel, main) ? heldEnd(kernel, shim) : undefined
    if (end) return { kind: 'ended', end, isRecorded: true }
    if (main) return { kind: 'running', main, isOrphan: false }
    // What is neither blank nor an identity was damaged: the shim is what was seen alive.
    if (mainText.trim() !== '') return { kind: 'running', main: shim, isOrphan: false }
    return { kind: 'starting' }
  }
  if (main && isAlive(kernel, main)) return { kind: 'running', main, isOrphan: true }
  // The shim may have ended between our two looks.
  const end = readEnd(folder)
  if (end) return { kind: 'ended', end, isRecorded: true }
  return { kind: 'ended', end: unrecordedEnd({ folder, kernel, shim, main }), isRecorded: false }
}

/** The record of how the job ended, when there is a whole one; a shim that could not rename it has written it all the same. */
export function readEnd(folder: JobFolder): EndRecord | undefined {
  return parseEnd(readText(folder.end) ?? '') ?? parseEnd(readText(folder.endDraft) ?? '')
}

/** The record of the shim is damaged, or it was cut off in the middle of saying who it is. */
function withoutShim(main: ProcessIdentity | undefined, kernel: KernelFiles): FolderState {
  if (!main) return { kind: 'starting' }
  if (isAlive(kernel, main)) return { kind: 'running', main, isOrphan: true }
  const evidence = 'the record of its shim is damaged, no end recorded'
  return { kind: 'ended', end: { kind: 'lost', evidence }, isRecorded: false }
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
  if (exists(folder.end))
    return { kind: 'lost', evidence: 'shim gone, the record of the end is damaged' }
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
