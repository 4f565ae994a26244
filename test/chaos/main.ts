/**
 * The chaos test: jobs of many shapes on lab hosts, while controller, agents, hosts and network break, and every submit
 * is sent twice. Needs root. `node test/chaos/main.ts --seed N --jobs N`; the same seed makes the same plan.
 */
import { parseArgs } from 'node:util'
import { skipReason } from '../lab/skip-reason.ts'
import { chaos } from './chaos.ts'
import { makePlan } from './plan.ts'
import { isGreen, reportText } from './report.ts'

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, jobs: { type: 'string', default: '300' } },
})
const seed = wholeNumber('seed', values.seed)
const plan = makePlan(seed, wholeNumber('jobs', values.jobs))
process.stdout.write(`seed ${seed}, plan ${plan.hash}\n`)
const reason = skipReason()
if (reason !== false) {
  process.stderr.write(`chaos: ${reason}\n`)
  process.exitCode = 1
} else {
  const startMs = 120_000 + plan.jobs.length * 1000
  const report = await chaos(plan, { startMs, endMs: 180_000 })
  process.stdout.write(reportText(report, plan))
  process.exitCode = isGreen(report) ? 0 : 1
}

function wholeNumber(name: string, text: string): number {
  if (/^[1-9]\d*$/u.test(text)) return Number(text)
  throw new Error(`--${name} is a whole number above 0, not "${text}"`)
}
