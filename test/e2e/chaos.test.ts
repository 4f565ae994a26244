import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chaos } from '../chaos/chaos.ts'
import { faultKinds, makePlan } from '../chaos/plan.ts'
import { isGreen, reportText } from '../chaos/report.ts'
import { Lab } from '../support/lab.ts'

const skip = Lab.skipReason()

test(
  'errand keeps every promise about jobs while controller, agents, hosts and network break',
  {
    skip,
  },
  async (t) => {
    const plan = makePlan(1, 20)
    const report = await chaos(plan, {
      playbookMs: 600_000,
      endMs: 300_000,
      onProgress: (what) => t.diagnostic(what),
    })
    const text = reportText(report, plan)
    assert.ok(isGreen(report), text)
    t.diagnostic(text)
    assert.ok((report.states.get('succeeded') ?? 0) > 0, text)
    // A kill may find nothing there to kill.
    assert.ok(faultKinds.filter((kind) => report.faults.has(kind)).length >= 4, text)
  },
)
