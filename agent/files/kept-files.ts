/** Files that came from the controller and will be needed again: a module's program is sent to a host once. */
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { join } from 'node:path'

export interface KeptFilesOptions {
  readonly dir: string
  /** More than this is not kept. */
  readonly maxBytes: number
}

/** Keeps files by the hash of their content. */
export class KeptFiles {
  readonly #options: KeptFilesOptions

  constructor(options: KeptFilesOptions) {
    this.#options = options
    mkdirSync(options.dir, { recursive: true, mode: 0o700 })
    for (const name of readdirSync(options.dir)) {
      if (name.endsWith('.part')) rmSync(join(options.dir, name), { force: true })
    }
  }

  /** Keeps a copy of `file`, whose hash was checked. A disk that is full keeps less. */
  keep(file: string, sha256: string): void {
    const target = this.#path(sha256)
    const draft = `${target}.part`
    try {
      copyFileSync(file, draft)
      chmodSync(draft, 0o600)
      renameSync(draft, target)
      this.#shrink()
    } catch {
      rmSync(draft, { force: true }) // it is only sent again
    }
  }

  /** Copies the file of that hash to `draft`; false when it is not kept, or not whole any more. */
  take(sha256: string, draft: string): boolean {
    const kept = this.#path(sha256)
    try {
      copyFileSync(kept, draft)
      if (createHash('sha256').update(readFileSync(draft)).digest('hex') !== sha256) {
        rmSync(kept)
        return false
      }
      utimesSync(kept, new Date(), new Date())
      return true
    } catch {
      return false
    }
  }

  #path(sha256: string): string {
    return join(this.#options.dir, sha256.replaceAll(/[^0-9a-f]/gu, '_'))
  }

  #shrink(): void {
    const { dir, maxBytes } = this.#options
    const files = readdirSync(dir).map((name) => {
      const { mtimeMs, size } = statSync(join(dir, name))
      return { path: join(dir, name), mtimeMs, size }
    })
    let bytes = files.reduce((sum, { size }) => sum + size, 0)
    for (const { path, size } of files.toSorted((a, b) => a.mtimeMs - b.mtimeMs)) {
      if (bytes <= maxBytes) return
      rmSync(path, { force: true })
      bytes -= size
    }
  }
}
