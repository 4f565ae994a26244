/** Ids of jobs whose folders are gone, so that a late repeat starts nothing. */
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { JobId, JobState } from '../../proto/job.ts'

export interface ForgottenOptions {
  readonly file: string
  /** How many ids are kept. Default 50,000: about 5 MB. */
  readonly most?: number
}

/** What remains of a job: its id and its end. */
export class Forgotten {
  readonly #file: string
  readonly #most: number
  readonly #states: Map<JobId, string>
  #linesInFile: number

  constructor({ file, most = 50_000 }: ForgottenOptions) {
    this.#file = file
    this.#most = most
    this.#states = readStates(file)
    this.#linesInFile = this.#states.size
  }

  /** How the job ended; undefined for one that was never here. */
  find(jobId: JobId): JobState | undefined {
    const text = this.#states.get(jobId)
    return text === undefined ? undefined : (JSON.parse(text) as JobState)
  }

  /** Written before the folder goes. */
  add(jobId: JobId, state: JobState): void {
    const text = JSON.stringify(state)
    appendFileSync(this.#file, lineOf(jobId, text), { mode: 0o600 })
    this.#states.set(jobId, text)
    this.#linesInFile += 1
    this.#dropOldest()
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
    writeFileSync(draft, lines.join(''), { mode: 0o600, flush: true })
    renameSync(draft, this.#file)
    this.#linesInFile = this.#states.size
  }
}

function lineOf(jobId: JobId, text: string): string {
  return `${jobId} ${text}\n`
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
