import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lostJobs } from '../../../../../controller/fleet/upgrade/lost-jobs.ts'
import type { JobReport, JobState } from '../../../../../proto/job.ts'

const process = { pid: 7, startTicks: '70', bootId: 'b' }
const running: JobState = { kind: 'running', process, startedAtMs: 1 }
const ended = { startedAtMs: 1, endedAtMs: 2 }

function report(jobId: string, state: JobState): JobReport {
  const nothing = { keptBytes: 0, droppedBytes: 0 }
  return { jobId, name: 'a job', state, stdout: nothing, stderr: nothing, containment: 'cgroup' }
}

test('lostJobs() takes the same process, and any end but lost, for well', () => {
  for (const state of [
    running,
    { kind: 'succeeded', ...ended },
    { kind: 'failed', failure: { kind: 'exit', exitCode: 1 }, ...ended },
    { kind: 'timed_out', ...ended },
    { kind: 'cancelled', ...ended },
  ] as const satisfies readonly JobState[]) {
    assert.equal(lostJobs([report('j1', running)], [report('j1', state)]), undefined, state.kind)
  }
  assert.equal(lostJobs([report('j1', { kind: 'lost', evidence: 'e', ...ended })], []), undefined)
})

test('lostJobs() names jobs that are unknown, lost or another process', () => {
  const other = (change: Partial<typeof process>): JobState => ({
    kind: 'running',
    process: { ...process, ...change },
    startedAtMs: 1,
  })
  const cases: readonly (readonly [readonly JobReport[], RegExp])[] = [
    [[], /^it lost jobs: j1 is unknown to it$/u],
    [[report('j2', running)], /j1 is unknown/u],
    [
      [report('j1', { kind: 'lost', evidence: 'shim gone', ...ended })],
      /j1 is lost to it \(shim gone\)/u,
    ],
    [[report('j1', other({ pid: 8 }))], /j1 is another process/u],
    [[report('j1', other({ startTicks: '71' }))], /j1 is another process/u],
    [[report('j1', other({ bootId: 'c' }))], /j1 is another process/u],
  ]
  for (const [after, sentence] of cases) {
    assert.match(lostJobs([report('j1', running)], after) ?? '', sentence)
  }
})

test('lostJobs() names three, and counts the rest', () => {
  const before = ['j1', 'j2', 'j3', 'j4', 'j5'].map((jobId) => report(jobId, running))
  assert.match(lostJobs(before, []) ?? '', /^it lost jobs: j1 .*, j2 .*, j3 [^,]*, and 2 more$/u)
})
