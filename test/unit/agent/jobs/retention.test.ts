import assert from 'node:assert/strict'
import { test } from 'node:test'
import { JobEntry } from '../../../../agent/jobs/job-entry.ts'
import { jobFolder } from '../../../../agent/jobs/job-folder.ts'
import { outlivedJobs } from '../../../../agent/jobs/retention.ts'
import { parseStoredSpec } from '../../../../agent/jobs/stored-spec.ts'
import type { JobReport } from '../../../../proto/job.ts'

function ended(number: number, { bytes = 0, endedAtMs = 1000 } = {}): JobEntry {
  const jobId = `j000000000000${number}.000000000000`
  const entry = new JobEntry(jobFolder('/nowhere', jobId), parseStoredSpec(jobId, ''), 1)
  const count = { keptBytes: bytes, droppedBytes: 0 }
  const state = { kind: 'succeeded', startedAtMs: 0, endedAtMs } as const
  const report: JobReport = {
    jobId,
    name: '',
    state,
    stdout: count,
    stderr: { keptBytes: 0, droppedBytes: 0 },
    containment: 'none',
  }
  entry.end(report, number)
  return entry
}

const retention = { mostJobs: 2, mostBytes: 100, oldestMs: 10_000 }
const ids = (entries: readonly JobEntry[]) =>
  entries.map(({ folder }) => Number(folder.jobId.slice(12, 14)))

test('outlivedJobs() lets the oldest go by count, bytes and age', () => {
  const view = { retention, nowMs: 2000, neededBytes: 0, isAcknowledged: () => true }
  assert.deepEqual(ids(outlivedJobs([ended(3), ended(1), ended(2)], view)), [1])
  assert.deepEqual(ids(outlivedJobs([ended(1, { bytes: 60 }), ended(2, { bytes: 60 })], view)), [1])
  assert.deepEqual(ids(outlivedJobs([ended(1)], { ...view, nowMs: 20_000 })), [1])
  assert.deepEqual(ids(outlivedJobs([ended(1), ended(2)], view)), [])
})

test('outlivedJobs() keeps what the controller has not acknowledged', () => {
  const isAcknowledged = (seq: number) => seq !== 1
  const view = { retention, nowMs: 20_000, neededBytes: 50, isAcknowledged }
  assert.deepEqual(ids(outlivedJobs([ended(1), ended(2), ended(3)], view)), [2, 3])
})

test('outlivedJobs() lets as many go as hold the bytes that others need', () => {
  const view = { retention, nowMs: 2000, neededBytes: 11, isAcknowledged: () => true }
  const jobs = [ended(1), ended(2, { bytes: 10 })]
  assert.deepEqual(ids(outlivedJobs(jobs, { ...view, neededBytes: 0 })), [])
  assert.deepEqual(ids(outlivedJobs(jobs, view)), [2])
  const more = [ended(1, { bytes: 10 }), ended(2, { bytes: 10 })]
  assert.deepEqual(ids(outlivedJobs(more, { ...view, neededBytes: 10 })), [1])
  assert.deepEqual(ids(outlivedJobs(more, view)), [1, 2])
})
