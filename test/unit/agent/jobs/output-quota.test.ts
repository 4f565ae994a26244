import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { JobEntry } from '../../../../agent/jobs/job-entry.ts'
import { jobFolder } from '../../../../agent/jobs/job-folder.ts'
import { countOutput, enforceQuota } from '../../../../agent/jobs/output-quota.ts'
import { outlivedJobs } from '../../../../agent/jobs/retention.ts'
import { parseStoredSpec } from '../../../../agent/jobs/stored-spec.ts'
import type { JobReport } from '../../../../proto/job.ts'
import { tempDir } from '../temp-dir.ts'

test('enforceQuota() cuts off and counts, each time, and keeps the beginning', (t) => {
  const folder = jobFolder(tempDir(t), 'j0000000000001.000000000001')
  mkdirSync(folder.dir)
  writeFileSync(folder.stdout, '0123456789')
  writeFileSync(folder.stderr, 'e')
  assert.deepEqual(countOutput(folder, 'stdout', 4), { keptBytes: 4, droppedBytes: 6 })
  enforceQuota(folder, 4)
  assert.deepEqual(countOutput(folder, 'stdout', 4), { keptBytes: 4, droppedBytes: 6 })
  appendFileSync(folder.stdout, 'abc')
  assert.deepEqual(countOutput(folder, 'stdout', 4), { keptBytes: 4, droppedBytes: 9 })
  enforceQuota(folder, 4)
  assert.deepEqual(countOutput(folder, 'stdout', 4), { keptBytes: 4, droppedBytes: 9 })
  assert.equal(readFileSync(folder.stdout, 'utf8'), '0123')
  assert.deepEqual(countOutput(folder, 'stderr', 4), { keptBytes: 1, droppedBytes: 0 })
})

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
  const view = { retention, nowMs: 2000, isAcknowledged: () => true }
  assert.deepEqual(ids(outlivedJobs([ended(3), ended(1), ended(2)], view)), [1])
  assert.deepEqual(ids(outlivedJobs([ended(1, { bytes: 60 }), ended(2, { bytes: 60 })], view)), [1])
  assert.deepEqual(ids(outlivedJobs([ended(1)], { ...view, nowMs: 20_000 })), [1])
  assert.deepEqual(ids(outlivedJobs([ended(1), ended(2)], view)), [])
})

test('outlivedJobs() keeps what the controller has not acknowledged', () => {
  const view = { retention, nowMs: 20_000, isAcknowledged: (seq: number) => seq !== 1 }
  assert.deepEqual(ids(outlivedJobs([ended(1), ended(2), ended(3)], view)), [2, 3])
})
