import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { access, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { ErrandError, sentenceOf } from '../../../proto/errors.ts'

/** Half the time of the default level, for 6 % more to send. */
const level = 3

/** A file for targets, named by what is in it. */
export interface Parcel {
  readonly path: string
  /** SHA-256 in hex. */
  readonly hash: string
}

/**
 * Files that are sent to targets. Each is hashed once and compressed once, however many hosts it goes to; the compressed
 * ones stay in a cache folder.
 */
export class Parcels {
  readonly #cacheDir: string
  readonly #hashes = new Map<string, Promise<Parcel>>()
  readonly #compressed = new Map<string, Promise<string>>()

  constructor(cacheDir: string) {
    this.#cacheDir = cacheDir
  }

  /** @throws {ErrandError} `invalid` when the file cannot be read. */
  open(path: string): Promise<Parcel> {
    const known = this.#hashes.get(path) ?? hashFile(path)
    this.#hashes.set(path, known)
    known.catch(() => this.#hashes.delete(path))
    return known
  }

  /** The path of the file's compressed twin. */
  compressed(parcel: Parcel): Promise<string> {
    const known = this.#compressed.get(parcel.hash) ?? this.#compress(parcel)
    this.#compressed.set(parcel.hash, known)
    known.catch(() => this.#compressed.delete(parcel.hash))
    return known
  }

  async #compress({ path, hash }: Parcel): Promise<string> {
    const target = join(this.#cacheDir, `${hash}.gz`)
    if (await exists(target)) return target
    await mkdir(this.#cacheDir, { recursive: true, mode: 0o700 })
    const draft = `${target}.${process.pid}`
    try {
      await pipeline(
        createReadStream(path),
        createGzip({ level }),
        createWriteStream(draft, { mode: 0o600 }),
      )
      await rename(draft, target)
    } catch (error) {
      await rm(draft, { force: true })
      throw new ErrandError('exhausted', `${path} cannot be compressed: ${sentenceOf(error)}`, {
        cause: error,
      })
    }
    return target
  }
}

async function hashFile(path: string): Promise<Parcel> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path), hash)
  } catch (error) {
    throw new ErrandError('invalid', `${path} cannot be read: ${sentenceOf(error)}`, {
      cause: error,
    })
  }
  return { path, hash: hash.digest('hex') }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
