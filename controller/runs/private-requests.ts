import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import type { RunId, RunRequest } from '../../proto/run.ts'

/**
 * What runs that go on were asked for, passwords and environment included: the record keeps neither, and the next controller needs
 * both to go on. Files that only their owner reads, each gone when its run has ended.
 */
export class PrivateRequests {
  readonly #dir: string

  /** @param dir Made when it is needed. */
  constructor(dir: string) {
    this.#dir = dir
  }

  /** @throws {ErrandError} `exhausted` when it cannot be written. */
  keep(runId: RunId, request: RunRequest): void {
    const file = this.#file(runId)
    const draft = `${file}.part`
    try {
      mkdirSync(this.#dir, { recursive: true, mode: 0o700 })
      const opened = openSync(draft, 'w', 0o600)
      try {
        writeSync(opened, JSON.stringify(request))
        fsyncSync(opened)
      } finally {
        closeSync(opened)
      }
      renameSync(draft, file)
    } catch (cause) {
      rmSync(draft, { force: true })
      const message = `the run cannot be started, ${file} cannot be written: ${sentenceOf(cause)}`
      throw new ErrandError('exhausted', message, { cause })
    }
  }

  /** Undefined when there is none, or none that can be read. */
  read(runId: RunId): RunRequest | undefined {
    try {
      return JSON.parse(readFileSync(this.#file(runId), 'utf8')) as RunRequest
    } catch {
      return undefined // told by the caller, who cannot go on with the run
    }
  }

  drop(runId: RunId): void {
    rmSync(this.#file(runId), { force: true })
  }

  /** Drops all but those of these runs. */
  dropOthers(runIds: readonly RunId[]): void {
    for (const name of filesIn(this.#dir)) {
      if (!runIds.some((runId) => name === `${runId}.json`)) rmSync(join(this.#dir, name))
    }
  }

  #file(runId: RunId): string {
    return join(this.#dir, `${runId}.json`)
  }
}

function filesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir)
  } catch {
    return [] // nothing was kept yet
  }
}
