import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from '../../support/properties.ts'
import { agentMessageFromWire, agentMessageToWire } from '../../../proto/agent-codec.ts'
import { controllerMessageFromWire, controllerMessageToWire } from '../../../proto/agent-codec.ts'
import type { AgentMessage, ControllerMessage } from '../../../proto/agent-messages.ts'
import { ErrandError } from '../../../proto/errors.ts'
import { newJobId, type JobReport, type JobSpec, type JobState } from '../../../proto/job.ts'
import { loadAgentService } from '../../../proto/load.ts'

const connect = loadAgentService().Connect
const counts = fc.record({ keptBytes: fc.nat(), droppedBytes: fc.nat() })
const bytes = fc.uint8Array().map((array) => Buffer.from(array))
const ended = fc.record({ startedAtMs: fc.nat(), endedAtMs: fc.nat() })
const jobId = fc.nat().map((ms) => newJobId(ms))

const failure = fc.oneof(
  fc.record({ kind: fc.constant('exit' as const), exitCode: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constant('signal' as const), signal: fc.integer({ min: 1, max: 64 }) }),
  fc.record({ kind: fc.constant('start' as const), errno: fc.string(), message: fc.string() }),
)

const state: fc.Arbitrary<JobState> = fc.oneof(
  fc.record({
    kind: fc.constant('running' as const),
    startedAtMs: fc.nat(),
    process: fc.record({ pid: fc.nat(), startTicks: fc.string(), bootId: fc.string() }),
  }),
  fc.record({ kind: fc.constant('queued' as const), lock: fc.string(), queuedAtMs: fc.nat() }),
  ended.map((times) => ({ kind: 'succeeded' as const, ...times })),
  ended.map((times) => ({ kind: 'timed_out' as const, ...times })),
  ended.map((times) => ({ kind: 'cancelled' as const, ...times })),
  fc.tuple(ended, fc.string()).map(([times, evidence]) => ({
    kind: 'lost' as const,
    ...times,
    evidence,
  })),
  fc
    .tuple(ended, failure)
    .map(([times, how]) => ({ kind: 'failed' as const, ...times, failure: how })),
)

const report: fc.Arbitrary<JobReport> = fc.record(
  {
    jobId,
    name: fc.string(),
    state,
    stdout: counts,
    stderr: counts,
    containment: fc.constantFrom('cgroup', 'session', 'none'),
    skippedBecause: fc.string(),
    inlineOutput: fc.record({ stdout: bytes, stderr: bytes }),
    usage: fc.record(
      {
        cpuMs: fc.nat(),
        peakMemoryBytes: fc.nat(),
        peakProcesses: fc.nat(),
        oomKills: fc.nat(),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['jobId', 'name', 'state', 'stdout', 'stderr', 'containment'] },
)

const work: fc.Arbitrary<JobSpec['work']> = fc.oneof(
  fc.record(
    {
      kind: fc.constant('command' as const),
      argv: fc.array(fc.string(), { minLength: 1 }),
      checkOnly: fc.boolean(),
      creates: fc.string(),
      removes: fc.string(),
      uploadId: fc.string(),
    },
    { requiredKeys: ['kind', 'argv', 'checkOnly'] },
  ),
  fc.record({
    kind: fc.constant('operation' as const),
    operation: fc.string(),
    argsJson: fc.string(),
  }),
)

const runAs: fc.Arbitrary<JobSpec['runAs']> = fc.record(
  {
    user: fc.string(),
    method: fc.constantFrom('none', 'sudo', 'su'),
    password: fc.string(),
    flags: fc.string(),
  },
  { requiredKeys: ['user', 'method'] },
)

const spec: fc.Arbitrary<JobSpec> = fc.record(
  {
    jobId,
    name: fc.string(),
    work,
    runAs,
    cwd: fc.string(),
    environment: fc.dictionary(fc.stringMatching(/^[A-Z_]+$/u), fc.string(), {
      noNullPrototype: true,
    }),
    stdin: bytes,
    timeLimitMs: fc.nat(),
    graceMs: fc.nat(),
  },
  { requiredKeys: ['jobId', 'name', 'work', 'runAs', 'environment', 'timeLimitMs', 'graceMs'] },
)

const request = fc.nat()
const controllerMessage: fc.Arbitrary<ControllerMessage> = fc.oneof(
  fc.record({
    kind: fc.constant('hello' as const),
    protocol: fc.nat(),
    version: fc.string(),
    lastSeq: fc.nat(),
    heartbeatMs: fc.nat(),
  }),
  fc.record({ kind: fc.constant('submit' as const), request, spec }),
  fc.record({ kind: fc.constant('look' as const), request, jobId, callOff: fc.boolean() }),
  fc.record({ kind: fc.constant('cancel' as const), request, jobId, graceMs: fc.nat() }),
  fc.record({ kind: fc.constant('forget' as const), request, jobId }),
  fc.record({ kind: fc.constant('acknowledge' as const), seq: fc.nat() }),
  fc.record({ kind: fc.constant('heartbeat' as const), atMs: fc.nat() }),
)

const agentMessage: fc.Arbitrary<AgentMessage> = fc.oneof(
  fc.record({
    kind: fc.constant('welcome' as const),
    protocol: fc.nat(),
    version: fc.string(),
    agentId: fc.string(),
    bootId: fc.string(),
    hostname: fc.string(),
    user: fc.string(),
    isRoot: fc.boolean(),
    containment: fc.string(),
    journalId: fc.string(),
    bundleHash: fc.string(),
  }),
  fc.record({ kind: fc.constant('report' as const), request, report }),
  fc.record({
    kind: fc.constant('failure' as const),
    request,
    error: fc.record({ code: fc.constantFrom('invalid', 'not_found'), message: fc.string() }),
  }),
  fc.record({
    kind: fc.constant('event' as const),
    event: fc.record({ seq: fc.nat(), atMs: fc.nat(), report }),
  }),
  fc.record({ kind: fc.constant('heartbeat' as const), atMs: fc.nat() }),
)

/** fast-check makes records without a prototype, the codecs with one: only their contents count. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

test('controllerMessageToWire() every message is the same after the wire', () => {
  fc.assert(
    fc.property(controllerMessage, (message) => {
      const wire = connect.requestDeserialize(
        connect.requestSerialize(controllerMessageToWire(message)),
      )
      assert.deepEqual(plain(controllerMessageFromWire(wire)), plain(message))
    }),
  )
})

test('agentMessageToWire() every message is the same after the wire', () => {
  fc.assert(
    fc.property(agentMessage, (message) => {
      const wire = connect.responseDeserialize(
        connect.responseSerialize(agentMessageToWire(message)),
      )
      assert.deepEqual(plain(agentMessageFromWire(wire)), plain(message))
    }),
  )
})

test('controllerMessageFromWire() refuses a job id that could be a path', () => {
  const wire = connect.requestDeserialize(
    connect.requestSerialize({ submit: { request: 1, spec: { jobId: '../../etc' } } }),
  )
  assert.throws(() => controllerMessageFromWire(wire), {
    name: 'ErrandError',
    code: 'invalid',
    message: 'not a job id: "../../etc"',
  })
})

test('controllerMessageFromWire() refuses an empty argument list', () => {
  const submit = { request: 1, spec: { jobId: newJobId(5), command: { argv: [] } } }
  const wire = connect.requestDeserialize(connect.requestSerialize({ submit }))
  assert.throws(() => controllerMessageFromWire(wire), ErrandError)
})
