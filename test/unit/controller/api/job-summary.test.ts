import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AgentConnection } from '../../../../controller/api/fleet-port.ts'
import { summarizeJob } from '../../../../controller/api/job-summary.ts'
import type { JobState } from '../../../../proto/job.ts'

const connected: AgentConnection = { state: 'connected' }
const silent: AgentConnection = { state: 'unreachable', detail: 'unreachable since noon' }
const running: JobState = {
  kind: 'running',
  startedAtMs: 5,
  process: { pid: 1, startTicks: '2', bootId: 'b' },
}
const ended = { startedAtMs: 5, endedAtMs: 9 }

for (const [what, state, connection, expected] of [
  ['no word of its agent yet', undefined, connected, { state: 'submitting' }],
  ['a job that runs', running, connected, { state: 'running', startedAtMs: 5 }],
  [
    'a job that waits for a lock',
    { kind: 'queued', lock: 'db', queuedAtMs: 5 },
    connected,
    { state: 'queued' },
  ],
  [
    'a job that waits for a lock of a silent host',
    { kind: 'queued', lock: 'db', queuedAtMs: 5 },
    silent,
    {
      state: 'unreachable',
      detail: 'unreachable since noon, last seen queued at 1970-01-01T00:00:00.007Z',
    },
  ],
  [
    'a job on a silent host: nobody knows that it runs',
    running,
    silent,
    {
      state: 'unreachable',
      startedAtMs: 5,
      detail: 'unreachable since noon, last seen running at 1970-01-01T00:00:00.007Z',
    },
  ],
  [
    'a job that ended before its host fell silent',
    { kind: 'succeeded', ...ended },
    silent,
    { state: 'succeeded', ...ended, exitCode: 0 },
  ],
  [
    'an exit code',
    { kind: 'failed', failure: { kind: 'exit', exitCode: 3 }, ...ended },
    connected,
    { state: 'failed', ...ended, exitCode: 3 },
  ],
  [
    'a signal',
    { kind: 'failed', failure: { kind: 'signal', signal: 9 }, ...ended },
    connected,
    { state: 'failed', ...ended, signal: 9 },
  ],
  [
    'a program that never started',
    {
      kind: 'failed',
      failure: { kind: 'start', errno: 'ENOENT', message: 'no such program' },
      ...ended,
    },
    connected,
    { state: 'failed', ...ended, detail: 'no such program' },
  ],
  [
    'a lost job, with the evidence',
    { kind: 'lost', evidence: 'host rebooted', ...ended },
    connected,
    { state: 'lost', ...ended, detail: 'host rebooted' },
  ],
] as const satisfies readonly (readonly [
  string,
  JobState | undefined,
  AgentConnection,
  object,
])[]) {
  test(`summarizeJob() of ${what}`, () => {
    const summary = summarizeJob(row(state), connection)
    const { jobId, host, runId, name, createdAtMs, lastSeenMs, ...rest } = summary
    assert.deepEqual(
      [jobId, host, runId, name, createdAtMs, lastSeenMs],
      ['j1', 'web1', 'r1', 'n', 1, 7],
    )
    const bytes = state
      ? { stdoutBytes: 10, stderrBytes: 20, droppedBytes: 3, containment: 'cgroup', labels: {} }
      : { stdoutBytes: 0, stderrBytes: 0, droppedBytes: 0, containment: 'none', labels: {} }
    assert.deepEqual(rest, { ...bytes, ...expected })
  })
}

function row(state: JobState | undefined): Parameters<typeof summarizeJob>[0] {
  return {
    jobId: 'j1',
    host: 'web1',
    agentId: 'a1',
    runId: 'r1',
    taskId: 't1',
    name: 'n',
    isAsync: true,
    createdAtMs: 1,
    lastSeenMs: 7,
    isForgotten: false,
    report: state && {
      jobId: 'j1',
      name: 'n',
      state,
      stdout: { keptBytes: 10, droppedBytes: 1 },
      stderr: { keptBytes: 20, droppedBytes: 2 },
      containment: 'cgroup',
    },
  }
}
