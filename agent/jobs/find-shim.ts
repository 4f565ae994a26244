import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ProcessIdentity } from '../../proto/job.ts'
import { parseEnd, type EndRecord } from './end-record.ts'
import type { JobFolder } from './job-folder.ts'
import type { KernelFiles } from './process-identity.ts'

/** Whether any process was started with this job's folder: a shim that has not said yet, or could not say, who it is. */
export function isShimAbout(kernel: KernelFiles, folder: JobFolder): boolean {
  return readdirSync(kernel.procDir)
    .filter((name) => /^\d+$/u.test(name))
    .some((pid) =>
      wordsOf(kernel, Number(pid)).some((word) => word === folder.dir || word === folder.launch),
    )
}

/** The end that a shim holds in its words, since the disk takes nothing; undefined when it holds none. */
export function heldEnd(kernel: KernelFiles, shim: ProcessIdentity): EndRecord | undefined {
  const words = wordsOf(kernel, shim.pid)
  const at = words.indexOf('errand-end')
  return at < 0 ? undefined : parseEnd(`${words[at + 3] ?? ''} .`)
}

function wordsOf(kernel: KernelFiles, pid: number): readonly string[] {
  try {
    return readFileSync(join(kernel.procDir, String(pid), 'cmdline'), 'utf8').split('\0')
  } catch {
    return [] // it has gone
  }
}
