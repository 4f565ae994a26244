import assert from 'node:assert/strict'
import { appendFile, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { JobEntry } from '../../../../agent/jobs/job-entry.ts'
import { jobFolder } from '../../../../agent/jobs/job-folder.ts'
import { lastProgress, ProgressReader } from '../../../../agent/jobs/progress.ts'

const lines: readonly (readonly [string, number | undefined, string?])[] = [
  ['errand: progress 40% copying files', 40, 'copying files'],
  ['errand: progress 40%', 40, ''],
  ['errand: progress 12.5% a\nother\n', 12.5, 'a'],
  ['errand: progress 1%\nerrand: progress 2%', 2, ''],
  ['errand: progress 140%', undefined],
  ['errand: progress 40 % x', undefined],
  ['say errand: progress 40%', undefined],
  ['errand: progress 40% \u001B[31mred', 40, '[31mred'],
  ['copied 40%', undefined],
]

for (const [text, percent, said] of lines) {
  test(`lastProgress() of lines: ${JSON.stringify(text)}`, () => {
    const found = lastProgress(text, 'lines')
    assert.deepEqual([found?.percent, found?.text], [percent, said])
  })
}

const percents: readonly (readonly [string, number | undefined, string?])[] = [
  ['copied 40%', 40, 'copied'],
  ['10%\r20%\r30%\r', 30, ''],
  ['getting 99.5 %', 99.5, 'getting'],
  ['40% of 12', undefined],
  ['error 4040%', undefined],
]

for (const [text, percent, said] of percents) {
  test(`lastProgress() of percent: ${JSON.stringify(text)}`, () => {
    const found = lastProgress(text, 'percent')
    assert.deepEqual([found?.percent, found?.text], [percent, said])
  })
}

test('ProgressReader.read() tells the last whole line, of the stream that was written last', async (t) => {
  const { entry, folder } = await runningJob(t)
  const reader = new ProgressReader()
  assert.equal(await reader.read(entry, 'lines'), undefined)
  await appendFile(folder.stdout, 'errand: progress 10% begun\nerrand: progr')
  assert.equal((await reader.read(entry, 'lines'))?.percent, 10)
  await appendFile(folder.stdout, 'ess 20%\n')
  assert.equal((await reader.read(entry, 'lines'))?.percent, 20)
  await appendFile(folder.stdout, 'nothing about it\n')
  assert.equal((await reader.read(entry, 'lines'))?.percent, 20)
})

test('ProgressReader.read() finds the last word behind a lot of output', async (t) => {
  const { entry, folder } = await runningJob(t)
  await writeFile(folder.stderr, `${'x'.repeat(99)}\n`.repeat(20_000) + 'errand: progress 5%\n')
  const said = await new ProgressReader().read(entry, 'lines')
  assert.equal(said?.percent, 5)
  assert.ok(said.elapsedMs > 0 && said.ageMs >= 0)
})

test('ProgressReader.read() keeps the last word when the quota cuts the output', async (t) => {
  const { entry, folder } = await runningJob(t)
  const reader = new ProgressReader()
  await writeFile(folder.stdout, 'errand: progress 1%\nerrand: progress 2%\n')
  assert.equal((await reader.read(entry, 'lines'))?.percent, 2)
  await truncate(folder.stdout, 20)
  assert.equal((await reader.read(entry, 'lines'))?.percent, 2)
  await appendFile(folder.stdout, 'errand: progress 3%\n')
  assert.equal((await reader.read(entry, 'lines'))?.percent, 3)
})

test('ProgressReader.read() says nothing of a job that has ended', async (t) => {
  const { entry, folder } = await runningJob(t)
  await writeFile(folder.stdout, 'errand: progress 50%\n')
  entry.life = { kind: 'starting' }
  assert.equal(await new ProgressReader().read(entry, 'lines'), undefined)
})

async function runningJob(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'errand-progress-'))
  t.after(() => rm(dir, { recursive: true }))
  const folder = jobFolder(dir, 'j1790000000000.000000000001')
  await mkdir(folder.dir)
  await writeFile(folder.stdout, '')
  await writeFile(folder.stderr, '')
  const spec = { kind: 'program', cgroup: '', claimedAtMs: 1 } as unknown as JobEntry['spec']
  const entry = new JobEntry(folder, spec, 1e9)
  const main = { pid: 1, startTicks: '1', bootId: 'b' }
  entry.life = { kind: 'running', main, startedAtMs: Date.now() - 60_000, isOrphan: false }
  return { entry, folder }
}
