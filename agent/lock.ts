import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { ErrandError } from '../proto/errors.ts'
import type { ProcessIdentity } from '../proto/job.ts'
import {
  identify,
  identityText,
  isAlive,
  parseIdentity,
  type KernelFiles,
} from './jobs/process-identity.ts'
import type { StateFolder } from './state-folder.ts'

/** The agent that serves this state folder now; undefined when none is alive. */
export function lockHolder(folder: StateFolder, kernel: KernelFiles): ProcessIdentity | undefined {
  let text: string
  try {
    text = readFileSync(folder.lock, 'utf8')
  } catch {
    return undefined
  }
  const holder = parseIdentity(text)
  return holder && isAlive(kernel, holder) ? holder : undefined
}

/**
 * One agent serves a state folder at a time; the lock of a dead one counts for nothing.
 *
 * @throws {ErrandError} `conflict` when another is alive.
 */
export function takeLock(folder: StateFolder, kernel: KernelFiles): Disposable {
  const self = identify(kernel, process.pid)
  if (!self) throw new ErrandError('unsupported', `${kernel.procDir} does not show this process`)
  const draft = `${folder.lock}.${process.pid}`
  writeFileSync(draft, identityText(self), { mode: 0o600 })
  try {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const holder = lockHolder(folder, kernel)
      if (holder) {
        throw new ErrandError(
          'conflict',
          `an agent is running already for ${folder.dir}, process ${holder.pid}`,
        )
      }
      rmSync(folder.lock, { force: true })
      if (tryLink(draft, folder.lock)) return { [Symbol.dispose]: () => release(folder, self) }
    }
  } finally {
    rmSync(draft, { force: true })
  }
  throw new ErrandError('conflict', `another agent is just starting for ${folder.dir}`)
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch {
    return false // somebody was quicker
  }
}

function release(folder: StateFolder, self: ProcessIdentity): void {
  try {
    if (readFileSync(folder.lock, 'utf8') === identityText(self))
      rmSync(folder.lock, { force: true })
  } catch {
    // Gone already.
  }
}
