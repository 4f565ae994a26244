import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chaos } from '../chaos/chaos.ts'
import { makePlan } from '../chaos/plan.ts'
import { isGreen, reportText } from '../chaos/report.ts'
import { Lab } from '../support/lab.ts'

const skip = Lab.skipReason()

test(
  'jobs keep one right end, one run and every byte whatever breaks',
  { skip, timeout: 600_000 },
  async (t) => {
    const plan = makePlan(1, 30)
    const report = await chaos(plan, { startMs: 240_000, endMs: 180_000 })
    t.diagnostic(reportText(report, plan))
    assert(isGreen(report), reportText(report, plan))
  },
)
