/** Ids of jobs whose folders are gone, so that a late repeat starts nothing. */
import {
  fdatasyncSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import type { JobId, JobState } from '../../proto/job.ts'
import { AppendFile } from './append-file.ts'

export interface ForgottenOptions {
  readonly file: string
  /** How many ids are kept. Default 50,000: about 5 MB. */
  readonly most?: number
}

/** What remains of a job: its id and its end. */
export class Forgotten implements Disposable {
  readonly #file: string
  readonly #most: number
  readonly #states: Map<JobId, string>
  #lines: AppendFile
  #linesInFile: number

  /** Opens the file, and makes it: where no inode is left, an id can still be added to one that is there. */
  constructor({ file, most = 50_000 }: ForgottenOptions) {
    this.#file = file
    this.#most = most
    cutTornLine(file)
    this.#states = readStates(file)
    this.#linesInFile = this.#states.size
    this.#lines = new AppendFile(file)
  }

  /** How the job ended; undefined for one that was never here. */
  find(jobId: JobId): JobState | undefined {
    const text = this.#states.get(jobId)
    return text === undefined ? undefined : (JSON.parse(text) as JobState)
  }

  /**
   * Written before the folder goes.
   *
   * @throws what the system said when it could not be written: the folder must stay then.
   */
  add(jobId: JobId, state: JobState): void {
    const text = JSON.stringify(state)
    this.#lines.append(lineOf(jobId, text))
    this.#states.set(jobId, text)
    this.#linesInFile += 1
    this.#dropOldest()
  }

  /** Remembers in memory alone: for what the disk did not take. */
  keep(jobId: JobId, state: JobState): void {
    this.#states.set(jobId, JSON.stringify(state))
  }

  /** What was added outlives a power cut from here on. */
  sync(): void {
    fdatasyncSync(this.#lines.fd)
  }

  #dropOldest(): void {
    for (const jobId of this.#states.keys()) {
      if (this.#states.size <= this.#most) break
      this.#states.delete(jobId)
    }
    if (this.#linesInFile > this.#most * 2) this.#rewrite()
  }

  #rewrite(): void {
    const draft = `${this.#file}.new`
    const lines = [...this.#states].map(([jobId, text]) => lineOf(jobId, text))
    try {
      writeFileSync(draft, lines.join(''), { mode: 0o600, flush: true })
      renameSync(draft, this.#file)
    } catch {
      rmSync(draft, { force: true }) // a full disk: the long file serves until the next try
      return
    }
    this.#lines[Symbol.dispose]()
    this.#lines = new AppendFile(this.#file)
    this.#linesInFile = this.#states.size
  }

  [Symbol.dispose](): void {
    this.#lines[Symbol.dispose]()
  }
}

function lineOf(jobId: JobId, text: string): string {
  return `${jobId} ${text}\n`
}

/** What a power cut tore would swallow the line that is written behind it. */
function cutTornLine(file: string): void {
  try {
    const bytes = readFileSync(file)
    const whole = bytes.lastIndexOf('\n') + 1
    if (whole < bytes.length) truncateSync(file, whole)
  } catch {
    // Nothing was forgotten yet.
  }
}

function readStates(file: string): Map<JobId, string> {
  const states = new Map<JobId, string>()
  for (const line of readLines(file)) {
    const cut = line.indexOf(' ')
    const text = line.slice(cut + 1)
    // A torn last line is no JSON; its job's folder is then still there, since it goes afterwards.
    if (cut > 0 && isJson(text)) states.set(line.slice(0, cut), text)
  }
  return states
}

function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch {
    return [] // nothing was forgotten yet
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
