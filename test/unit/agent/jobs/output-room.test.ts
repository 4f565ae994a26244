import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, statSync } from 'node:fs'
import { test, type TestContext } from 'node:test'
import { pino } from 'pino'
import { JobEntry } from '../../../../agent/jobs/job-entry.ts'
import { jobFolder } from '../../../../agent/jobs/job-folder.ts'
import { missingReserve, OutputRoom } from '../../../../agent/jobs/output-room.ts'
import { parseStoredSpec } from '../../../../agent/jobs/stored-spec.ts'
import { tempDir } from '../temp-dir.ts'

const log = pino({ enabled: false })
const MB = 1024 ** 2

/** Jobs `1` and up that run, and a room of 4 MB for what they write; ended jobs hold `endedBytes` more. */
function stage(t: TestContext, { jobs = 2, endedBytes = 0 } = {}) {
  const spoolDir = tempDir(t)
  const entries = Array.from({ length: jobs }, (_, index) => {
    const jobId = `j000000000000${index + 1}.000000000000`
    const folder = jobFolder(spoolDir, jobId)
    mkdirSync(folder.dir)
    return new JobEntry(folder, parseStoredSpec(jobId, ''), 1e9)
  })
  const asked: number[] = []
  const makeRoom = (bytes: number) => {
    asked.push(bytes)
    return Math.min(bytes, endedBytes)
  }
  const totalQuotaBytes = 4 * MB
  const room = new OutputRoom({ spoolDir, totalQuotaBytes, reserveBytes: 0, makeRoom, log })
  const write = (index: number, bytes: number) => {
    const entry = entries[index]
    assert.ok(entry)
    appendFileSync(entry.folder.stdout, Buffer.alloc(bytes))
    entry.output.cut()
  }
  const counts = () =>
    entries.map(({ folder, output }) => [
      statSync(folder.stdout, { throwIfNoEntry: false })?.size ?? 0,
      output.count('stdout').droppedBytes,
    ])
  return { room, entries, write, counts, asked }
}

test('OutputRoom.look() takes back what came since the last look, of the longest first', (t) => {
  const { room, entries, write, counts } = stage(t)
  write(0, 1.5 * MB)
  write(1, MB)
  room.look(entries)
  assert.deepEqual(counts(), [
    [1.5 * MB, 0],
    [MB, 0],
  ])
  write(0, 2 * MB)
  write(1, MB)
  room.look(entries)
  assert.deepEqual(counts(), [
    [2 * MB, 1.5 * MB],
    [2 * MB, 0],
  ])
})

test('OutputRoom.look() never takes what a job had before, nor a small result', (t) => {
  const { room, entries, write, counts } = stage(t)
  write(0, 4 * MB)
  room.look(entries)
  write(1, 0.25 * MB)
  room.look(entries)
  write(1, 10)
  room.look(entries)
  assert.deepEqual(counts(), [
    [4 * MB, 0],
    [0.25 * MB, 10],
  ])
})

test('OutputRoom.look() first lets ended jobs go', (t) => {
  const { room, entries, write, counts, asked } = stage(t, { jobs: 1, endedBytes: MB })
  write(0, 6 * MB)
  room.look(entries)
  assert.deepEqual(asked, [2 * MB])
  assert.deepEqual(counts(), [[5 * MB, MB]])
})

test('OutputRoom.lookAt() takes back what a job wrote just before its end', (t) => {
  const { room, entries, write, counts } = stage(t, { jobs: 1 })
  room.look(entries)
  write(0, 5 * MB)
  const [entry] = entries
  assert.ok(entry)
  room.lookAt(entry)
  assert.deepEqual(counts(), [[4 * MB, MB]])
})

test('missingReserve() asks for no more than a tenth of the disk', () => {
  const disk = { freeBytes: 50, totalBytes: 1000 }
  assert.equal(missingReserve(disk, 70), 20)
  assert.equal(missingReserve(disk, 500), 50)
  assert.equal(missingReserve(disk, 40), 0)
  assert.equal(missingReserve({ freeBytes: 0, totalBytes: 0 }, 500), 0)
})
