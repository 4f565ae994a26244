import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { test, type TestContext } from 'node:test'
import { jobFolder } from '../../../../agent/jobs/job-folder.ts'
import { KeptOutput } from '../../../../agent/jobs/kept-output.ts'
import { limits } from '../../../../proto/limits.ts'
import { tempDir } from '../temp-dir.ts'

function emptyFolder(t: TestContext) {
  const folder = jobFolder(tempDir(t), 'j0000000000001.000000000001')
  mkdirSync(folder.dir)
  return folder
}

test('KeptOutput.cut() cuts off and counts, each time, and keeps the beginning', (t) => {
  const folder = emptyFolder(t)
  const output = new KeptOutput(folder, 4)
  writeFileSync(folder.stdout, '0123456789')
  writeFileSync(folder.stderr, 'e')
  assert.deepEqual(output.count('stdout'), { keptBytes: 4, droppedBytes: 6 })
  output.cut()
  assert.deepEqual(output.count('stdout'), { keptBytes: 4, droppedBytes: 6 })
  appendFileSync(folder.stdout, 'abc')
  assert.deepEqual(output.count('stdout'), { keptBytes: 4, droppedBytes: 9 })
  output.cut()
  assert.deepEqual(output.count('stdout'), { keptBytes: 4, droppedBytes: 9 })
  assert.equal(readFileSync(folder.stdout, 'utf8'), '0123')
  assert.deepEqual(output.count('stderr'), { keptBytes: 1, droppedBytes: 0 })
  assert.deepEqual(new KeptOutput(folder, 4).count('stdout'), { keptBytes: 4, droppedBytes: 9 })
})

test('KeptOutput.cut() counts on when the count could not be written, and writes it later', (t) => {
  const folder = emptyFolder(t)
  const output = new KeptOutput(folder, 4)
  writeFileSync(folder.stdout, '012345')
  mkdirSync(folder.dropped) // in the way of the file
  assert.throws(() => {
    output.cut()
  })
  assert.deepEqual(output.count('stdout'), { keptBytes: 4, droppedBytes: 2 })
})

test('KeptOutput.endAt() ends a stream for good, also for the next agent', (t) => {
  const folder = emptyFolder(t)
  const output = new KeptOutput(folder, 100)
  writeFileSync(folder.stdout, '0123456789')
  output.endAt('stdout', 5)
  appendFileSync(folder.stdout, 'abc')
  output.cut()
  assert.deepEqual(output.count('stdout'), { keptBytes: 5, droppedBytes: 8 })
  appendFileSync(folder.stdout, 'd')
  const next = new KeptOutput(folder, 100)
  next.cut()
  assert.deepEqual(next.count('stdout'), { keptBytes: 5, droppedBytes: 9 })
  assert.equal(readFileSync(folder.stdout, 'utf8'), '01234')
})

test('KeptOutput.endAt() leaves what somebody was given', (t) => {
  const folder = emptyFolder(t)
  const output = new KeptOutput(folder, 100)
  writeFileSync(folder.stdout, '0123456789')
  output.given('stdout', 7)
  output.endAt('stdout', 5)
  assert.equal(output.limit('stdout'), 7)
  assert.deepEqual(output.count('stdout'), { keptBytes: 7, droppedBytes: 3 })
})

test('KeptOutput.grown() tells what came since settle(), but for a small beginning', (t) => {
  const folder = emptyFolder(t)
  const output = new KeptOutput(folder, 1e9)
  const small = limits.inlineOutputBytes
  writeFileSync(folder.stdout, Buffer.alloc(small))
  output.cut()
  assert.deepEqual(output.grown(), [])
  appendFileSync(folder.stdout, Buffer.alloc(10))
  output.cut()
  assert.deepEqual(output.grown(), [{ output, stream: 'stdout', size: small + 10, bytes: 10 }])
  output.settle()
  assert.deepEqual(output.grown(), [])
  assert.deepEqual(new KeptOutput(folder, 1e9).grown(), [])
})

test('KeptOutput.end() keeps out what comes after the end', (t) => {
  const folder = emptyFolder(t)
  const output = new KeptOutput(folder, 100)
  writeFileSync(folder.stdout, 'early')
  output.end({
    stdout: { keptBytes: 5, droppedBytes: 0 },
    stderr: { keptBytes: 0, droppedBytes: 0 },
  })
  appendFileSync(folder.stdout, 'late')
  output.cut()
  assert.equal(readFileSync(folder.stdout, 'utf8'), 'early')
})
