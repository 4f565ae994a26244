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
  const report = await chaos(plan, {
    playbookMs: 900_000,
    endMs: 300_000,
    onProgress: (what) => process.stderr.write(`${new Date().toISOString()} ${what}\n`),
  })
  process.stdout.write(reportText(report, plan))
  process.exitCode = isGreen(report) ? 0 : 1
}

function wholeNumber(name: string, text: string): number {
  if (/^[1-9]\d*$/u.test(text)) return Number(text)
  throw new Error(`--${name} is a whole number above 0, not "${text}"`)
}
