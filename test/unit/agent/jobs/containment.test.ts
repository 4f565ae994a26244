import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readUsage } from '../../../../agent/jobs/containment.ts'
import { tempDir } from '../temp-dir.ts'

test('readUsage() tells what the cgroup counted, and leaves out what it did not', (t) => {
  const dir = tempDir(t)
  assert.equal(readUsage(''), undefined)
  assert.equal(readUsage(dir), undefined)
  writeFileSync(join(dir, 'cpu.stat'), 'usage_usec 12345678\nuser_usec 1\nsystem_usec 2\n')
  assert.deepEqual(readUsage(dir), { cpuMs: 12346 })
  writeFileSync(join(dir, 'memory.peak'), '84934656\n')
  writeFileSync(join(dir, 'pids.peak'), '3\n')
  writeFileSync(join(dir, 'memory.events'), 'low 0\nmax 2\noom 4\noom_kill 1\noom_group_kill 0\n')
  assert.deepEqual(readUsage(dir), {
    cpuMs: 12346,
    peakMemoryBytes: 84934656,
    peakProcesses: 3,
    oomKills: 1,
  })
})
