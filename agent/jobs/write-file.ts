/** Files of the spool that others may read at any moment. */
import {
  closeSync,
  fsync,
  ftruncateSync,
  open,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { promisify } from 'node:util'

const openFile = promisify(open)
const sync = promisify(fsync)

/** Writes beside the place and renames: readers see the whole text or none. Durable after {@link syncPath}. */
export function writeWhole(file: string, text: string | Uint8Array): void {
  const draft = `${file}.${process.pid}.new`
  try {
    writeFileSync(draft, text, { mode: 0o600 })
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true }) // a full disk needs the space
    throw error
  }
}

/**
 * Writes over a draft that was laid down in advance and renames it: a full disk keeps nothing from being recorded.
 * Without the draft it is {@link writeWhole}.
 */
export function writeOver(
  file: string,
  { draft, text }: { readonly draft: string; readonly text: string },
): void {
  let fd: number
  try {
    fd = openSync(draft, 'r+')
  } catch {
    return writeWhole(file, text)
  }
  try {
    ftruncateSync(fd, writeSync(fd, text, 0))
  } finally {
    closeSync(fd)
  }
  renameSync(draft, file)
}

/** Brings what was written to `path`, a file or folder, to the disk. What is not there needs no sync. */
export async function syncPath(path: string): Promise<void> {
  let fd: number
  try {
    fd = await openFile(path, 'r')
  } catch {
    return
  }
  try {
    await sync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Syncs a folder for many callers at once: one sync serves all who asked before it began. */
export class FolderSync {
  readonly #dir: string
  #current: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined

  constructor(dir: string) {
    this.#dir = dir
  }

  /** Resolves when every entry made before this call is on the disk. */
  done(): Promise<void> {
    this.#next ??= this.#afterCurrent()
    return this.#next
  }

  async #afterCurrent(): Promise<void> {
    await Promise.allSettled([this.#current])
    const own = syncPath(this.#dir)
    this.#current = own
    this.#next = undefined
    await own
  }
}
