import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sentenceOf } from '../../proto/errors.ts'
import type { RunEvent } from '../../proto/run.ts'
import { cleanResult, dumpResult } from './render/shown-result.ts'

/** `-t`: a folder with a file for each host, which holds its result as JSON. What cannot be written is warned of. */
export class ResultFolder {
  readonly #folder: string
  readonly #warn: (text: string) => void

  constructor(folder: string, warn: (text: string) => void) {
    this.#folder = folder
    this.#warn = warn
  }

  note({ body }: RunEvent): void {
    if (body.kind !== 'host_result' || body.status === 'skipped') return
    const { host } = body.host
    const text = dumpResult(cleanResult(body.result, body.module), { verbosity: 0 })
    try {
      mkdirSync(this.#folder, { recursive: true })
      writeFileSync(join(this.#folder, host), text)
    } catch (error) {
      this.#warn(`Unable to write to ${host}'s file: ${sentenceOf(error)}`)
    }
  }
}
