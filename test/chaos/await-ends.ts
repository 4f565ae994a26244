import { setTimeout as delay } from 'node:timers/promises'
import type { Errand } from '../support/errand.ts'
import type { Row } from './judge.ts'
import type { Plan } from './plan.ts'
import { ask, keyOfJob, keyOfRow, rowsOf } from './rows.ts'
import { within } from './within.ts'

const lookMs = 2000
const cancelMs = 30_000

/** Cancels what is to be cancelled, as soon as it is there, until `signal` aborts. */
export async function cancelJobs(
  plan: Plan,
  { errand, signal }: { readonly errand: Errand; readonly signal: AbortSignal },
): Promise<void> {
  const wanted = new Set(plan.jobs.filter(({ fate }) => fate === 'is cancelled').map(keyOfJob))
  while (!signal.aborted) {
    const rows = await rowsOf(errand, ['--state', 'running']).catch(() => [])
    const found = rows.filter((row) => wanted.has(keyOfRow(row)))
    if (found.length > 0) {
      const args = ['cancel', '--grace', '1', ...found.map(({ jobId }) => jobId)]
      await within('errand cancel', cancelMs, (bound) => errand.run(args, { signal: bound })).catch(
        () => {
          // A host out of reach, or a controller that was killed: the next round asks again.
        },
      )
    }
    await delay(lookMs, undefined, { signal }).catch(() => {
      // The loop ends.
    })
  }
}

const unended = ['waiting', 'submitting', 'queued', 'running', 'unreachable']

/** @returns Every job of the record, when each has its end or the time is up. */
export async function untilEnded(errand: Errand, timeoutMs: number): Promise<readonly Row[]> {
  const untilMs = performance.now() + timeoutMs
  for (;;) {
    const runs = await ask(errand, ['runs'])
    const rows = await rowsOf(errand, [])
    const isOver =
      !rows.some(({ state }) => unended.includes(state)) &&
      !runs.some(({ state }) => state === 'running')
    if (isOver || performance.now() > untilMs) return rows
    await delay(lookMs)
  }
}
