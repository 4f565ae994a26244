import type { TestContext } from 'node:test'
import { startLab } from '../lab/lab.ts'
import type { Lab as RunningLab, LabOptions } from '../lab/lab.ts'
import { skipReason } from '../lab/skip-reason.ts'

/** Labs for tests: real hosts that end with the test. */
export const Lab = {
  /** Starts hosts that answer SSH when this returns, and ends them after the test. */
  async start(t: TestContext, options: LabOptions = {}): Promise<RunningLab> {
    const lab = await startLab(options)
    t.after(() => lab[Symbol.asyncDispose]())
    return lab
  },

  /** Why there can be no such lab on this machine, for a test's `skip`; `false` when there can. */
  skipReason,
}
