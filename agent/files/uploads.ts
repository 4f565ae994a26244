/** Files that came from the controller for jobs to come. */
import { createHash } from 'node:crypto'
import {
  chownSync,
  chmodSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  copyFileSync,
  readdirSync,
} from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ErrandError } from '../../proto/errors.ts'
import type { Account } from '../jobs/account.ts'
import { cannotWrite } from '../jobs/cannot-write.ts'
import { KeptFiles } from './kept-files.ts'

/** Says what an upload is to be. */
export interface UploadHead {
  readonly uploadId: string
  readonly bytes: number
  /** In hex. */
  readonly sha256: string
  /** It will be needed again: without any bytes the one is taken that was kept. */
  readonly isKept: boolean
}

export interface UploadsOptions {
  /** Holds what came in; only this user looks into it. */
  readonly dir: string
  /** Holds what is handed to other users: they can pass through it, and not list it. */
  readonly handoverDir: string
  /** Holds what will be needed again, by its hash. */
  readonly keptDir: string
}

/** How many bytes are kept for later; what was used the longest ago goes first. */
const keptBytes = 128 * 1024 * 1024

/** Takes files in, whole or not at all, and hands them to jobs. */
export class Uploads {
  readonly #dir: string
  readonly #handoverDir: string
  readonly #kept: KeptFiles
  #drafts = 0

  constructor({ dir, handoverDir, keptDir }: UploadsOptions) {
    this.#kept = new KeptFiles({ dir: keptDir, maxBytes: keptBytes })
    this.#dir = dir
    this.#handoverDir = handoverDir
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    mkdirSync(handoverDir, { recursive: true, mode: 0o711 })
    chmodSync(handoverDir, 0o711)
    for (const name of readdirSync(dir)) if (name.includes('.part')) rmSync(join(dir, name))
  }

  /**
   * Takes a file in. Repeating it is harmless.
   *
   * @throws {ErrandError} `invalid` when the bytes are not those that were announced; `not_found` when no bytes came and
   * none were kept.
   */
  async receive(head: UploadHead, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const target = this.path(head.uploadId)
    this.#drafts += 1
    const draft = `${target}.part${process.pid}-${this.#drafts}`
    try {
      if (!head.isKept) await writeChecked(draft, head, chunks)
      else await this.#receiveKept(draft, head, chunks)
      renameSync(draft, target)
    } finally {
      rmSync(draft, { force: true })
    }
  }

  async #receiveKept(
    draft: string,
    head: UploadHead,
    chunks: AsyncIterable<Uint8Array>,
  ): Promise<void> {
    const first = await firstOf(chunks)
    if (first.done !== true) {
      await writeChecked(draft, head, first.all)
      this.#kept.keep(draft, head.sha256)
    } else if (!this.#kept.take(head.sha256, draft)) {
      throw new ErrandError('not_found', `no file of the hash ${head.sha256} is kept on this host`)
    }
  }

  /** Where an upload lies. */
  path(uploadId: string): string {
    if (!/^[\w.-]{1,64}$/u.test(uploadId) || uploadId.startsWith('.')) {
      throw new ErrandError('invalid', `not an upload id: ${JSON.stringify(uploadId.slice(0, 80))}`)
    }
    return join(this.#dir, uploadId)
  }

  /** Whether it is there. */
  has(uploadId: string): boolean {
    try {
      return statSync(this.path(uploadId)).isFile()
    } catch {
      return false
    }
  }

  /**
   * A path at which `account` may read the upload, and run it.
   *
   * @param own The agent's own account: what is for another user is laid where that one can pass.
   */
  handOver(
    uploadId: string,
    { account, own }: { readonly account: Account; readonly own: Account },
  ): string {
    const source = this.path(uploadId)
    const target = join(this.#handoverDir, uploadId)
    rmSync(target, { force: true })
    try {
      linkSync(source, target)
    } catch {
      copyFileSync(source, target) // another file system
    }
    if (account.uid !== own.uid && own.uid === 0) {
      chownSync(target, account.uid, account.gid)
      chmodSync(target, 0o700)
    } else {
      // Without root rights a file cannot be given away: the name, which nobody can list, is what keeps it.
      chmodSync(target, account.uid === own.uid ? 0o700 : 0o755)
    }
    return target
  }

  /** Removes an upload and what was handed over of it. */
  drop(uploadId: string): void {
    rmSync(this.path(uploadId), { force: true })
    rmSync(join(this.#handoverDir, uploadId), { force: true })
  }

  /** Removes uploads that no job came for in `olderThanMs`; those that are `needed` stay. */
  dropStale(
    olderThanMs: number,
    { nowMs, needed }: { readonly nowMs: number; readonly needed: ReadonlySet<string> },
  ): void {
    for (const dir of [this.#dir, this.#handoverDir]) {
      for (const name of readdirSync(dir)) {
        if (needed.has(name)) continue
        const file = join(dir, name)
        if (nowMs - statSync(file).ctimeMs > olderThanMs) rmSync(file, { force: true })
      }
    }
  }
}

/** Whether anything comes, and all that comes. */
async function firstOf(chunks: AsyncIterable<Uint8Array>) {
  const iterator = chunks[Symbol.asyncIterator]()
  const first = await iterator.next()
  async function* all() {
    if (first.done !== true) yield first.value
    yield* { [Symbol.asyncIterator]: () => iterator }
  }
  return { done: first.done, all: all() }
}

async function openDraft(draft: string): Promise<FileHandle> {
  try {
    return await open(draft, 'wx', 0o600)
  } catch (cause) {
    throw cannotWrite(dirname(draft), cause)
  }
}

async function writeChecked(draft: string, head: UploadHead, chunks: AsyncIterable<Uint8Array>) {
  const hash = createHash('sha256')
  const file = await openDraft(draft)
  let bytes = 0
  try {
    for await (const chunk of chunks) {
      bytes += chunk.length
      if (bytes > head.bytes) throw wrongUpload(head, `${bytes} bytes or more`)
      hash.update(chunk)
      await file.write(chunk)
    }
    const sha256 = hash.digest('hex')
    if (bytes !== head.bytes) throw wrongUpload(head, `${bytes} bytes`)
    if (sha256 !== head.sha256) throw wrongUpload(head, `the hash ${sha256}`)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === undefined || cause instanceof ErrandError) throw cause
    throw cannotWrite(dirname(draft), cause)
  } finally {
    await file.close()
  }
}

function wrongUpload(head: UploadHead, found: string): ErrandError {
  const { uploadId, bytes, sha256 } = head
  return new ErrandError(
    'invalid',
    `upload ${uploadId} was to be ${bytes} bytes of ${sha256}, got ${found}`,
  )
}
