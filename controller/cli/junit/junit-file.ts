import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { ErrandError, sentenceOf } from '../../../proto/errors.ts'
import type { RunEvent } from '../../../proto/run.ts'
import { RunStoryTeller } from '../show/run-story.ts'
import { junitXml } from './junit-xml.ts'

/** A file that a run's JUnit XML is written to when its events have been noted. */
export class JunitFile {
  readonly #path: string
  readonly #teller = new RunStoryTeller()

  constructor(path: string) {
    this.#path = path
  }

  note(event: RunEvent): void {
    this.#teller.note(event)
  }

  /**
   * Whole or not at all: it is written beside its place and moved there.
   *
   * @throws {ErrandError} `denied`.
   */
  write(): void {
    writeWhole(this.#path, junitXml(this.#teller.story))
  }
}

/** @throws {ErrandError} `denied` when no file can be made beside `path`. */
export function checkWritable(path: string): void {
  try {
    accessSync(dirname(path), constants.W_OK)
  } catch (cause) {
    throw refused(path, cause)
  }
}

function writeWhole(path: string, text: string): void {
  const beside = `${path}.${process.pid}.tmp`
  try {
    const file = openSync(beside, 'w')
    try {
      writeFileSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(beside, path)
  } catch (cause) {
    rmSync(beside, { force: true })
    throw refused(path, cause)
  }
}

function refused(path: string, cause: unknown): ErrandError {
  return new ErrandError('denied', `cannot write ${path}: ${sentenceOf(cause)}`, { cause })
}
