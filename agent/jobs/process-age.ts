import type { ProcessIdentity } from '../../proto/job.ts'
import { readProcessStat, type KernelFiles } from './process-identity.ts'

/** How the kernel counts start times: a hundred ticks a second, on every Linux there is. */
const msPerTick = 10

/** How long ago a process of this boot started, in milliseconds. No change of the clock moves it. */
export function processAgeMs(
  kernel: KernelFiles,
  { startTicks }: ProcessIdentity,
  uptimeMs: () => number = () => process.uptime() * 1000,
): number {
  const self = readProcessStat(kernel, process.pid)
  const ticksBeforeUs = Number(self?.startTicks ?? startTicks) - Number(startTicks)
  return ticksBeforeUs * msPerTick + uptimeMs()
}
