import type { InstallProgress } from '../../proto/control.ts'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import type { HostTarget } from '../run/ports.ts'

type Step = Pick<InstallProgress, 'step' | 'message'>
type OnStep = (step: string, message: string) => void

interface ForkOptions {
  /** How many hosts at a time. */
  readonly forks: number
  readonly signal: AbortSignal
}

/**
 * Works on many hosts, some at a time, and yields each step as it happens. What a host fails with is its last step;
 * the others go on.
 */
export async function* forkEach(
  targets: readonly HostTarget[],
  { forks, signal }: ForkOptions,
  work: (target: HostTarget, onStep: OnStep) => Promise<Step>,
): AsyncGenerator<InstallProgress, void> {
  const steps: InstallProgress[] = []
  let wake = Promise.withResolvers<void>()
  const say = (step: InstallProgress) => {
    steps.push(step)
    wake.resolve()
  }
  const waiting = [...targets]
  const worker = async () => {
    for (let target = waiting.shift(); target && !signal.aborted; target = waiting.shift()) {
      say(await workOn(target, { work, say }))
    }
  }
  let left = Math.min(Math.max(forks, 1), targets.length)
  for (const _ of Array.from({ length: left })) {
    void worker().finally(() => {
      left -= 1
      wake.resolve()
    })
  }
  for (;;) {
    yield* steps.splice(0)
    if (left === 0 && steps.length === 0) break
    await wake.promise
    wake = Promise.withResolvers<void>()
  }
  signal.throwIfAborted()
}

interface WorkOn {
  readonly work: (target: HostTarget, onStep: OnStep) => Promise<Step>
  readonly say: (step: InstallProgress) => void
}

async function workOn(target: HostTarget, { work, say }: WorkOn): Promise<InstallProgress> {
  const host = target.name
  try {
    const last = await work(target, (step, message) => {
      say({ host, step: step as InstallProgress['step'], message })
    })
    return { host, ...last }
  } catch (error) {
    const errorCode = error instanceof ErrandError ? error.code : 'internal'
    return { host, step: 'failed', message: sentenceOf(error), errorCode }
  }
}
