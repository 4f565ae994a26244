import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { test, type TestContext } from 'node:test'
import { JobEntry } from '../../../../agent/jobs/job-entry.ts'
import { jobFolder } from '../../../../agent/jobs/job-folder.ts'
import { processAgeMs } from '../../../../agent/jobs/process-age.ts'
import { identify, kernelFiles } from '../../../../agent/jobs/process-identity.ts'
import { parseStoredSpec } from '../../../../agent/jobs/stored-spec.ts'
import { superviseOrphan } from '../../../../agent/jobs/supervise-orphan.ts'
import { waitFor } from '../../../support/wait-for.ts'
import { tempDir } from '../temp-dir.ts'

const jobId = 'j1790000000000.000000000001'

/** A program without a shim, started by the clock at `startedAtMs`, with a limit of an hour. */
async function orphan(
  t: TestContext,
  startedAtMs: number,
): Promise<{ entry: JobEntry; pid: number }> {
  const folder = jobFolder(tempDir(t), jobId)
  mkdirSync(folder.dir)
  const spec = { ...parseStoredSpec(jobId, ''), timeLimitMs: 3_600_000, graceMs: 100 }
  const entry = new JobEntry(folder, spec, 1000)
  const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' })
  t.after(() => child.kill('SIGKILL'))
  await once(child, 'spawn')
  const pid = child.pid ?? 0
  const main = identify(kernelFiles, pid)
  assert.ok(main)
  entry.life = { kind: 'running', main, startedAtMs, isOrphan: true }
  return { entry, pid }
}

for (const [name, startedAtMs] of [
  ['forward', Date.now() - 10 * 3_600_000],
  ['back', Date.now() + 10 * 3_600_000],
] as const) {
  test(`superviseOrphan() neither times out early nor late when the clock was set ${name}`, async (t) => {
    const { entry, pid } = await orphan(t, startedAtMs)
    const stop = new AbortController()
    let ageMs = 1000
    let looks = 0
    const end = superviseOrphan(entry, {
      kernel: kernelFiles,
      stepMs: 5,
      ageMs: () => {
        looks += 1
        return ageMs
      },
      signal: stop.signal,
    })
    await waitFor('some looks', () => looks > 3)
    assert.ok(identify(kernelFiles, pid), 'it runs on within its limit')
    ageMs = 3_600_000
    assert.deepEqual(await end, { kind: 'timed_out' })
  })
}

test('processAgeMs() counts from the start of the process, by ticks and our own time', () => {
  const self = identify(kernelFiles, process.pid)
  assert.ok(self)
  const older = { ...self, startTicks: String(Number(self.startTicks) - 500) }
  assert.equal(
    processAgeMs(kernelFiles, self, () => 70),
    70,
  )
  assert.equal(
    processAgeMs(kernelFiles, older, () => 70),
    5070,
  )
})
