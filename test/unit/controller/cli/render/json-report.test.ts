import assert from 'node:assert/strict'
import { test } from 'node:test'
import { JsonReport } from '../../../../../controller/cli/render/json-report.ts'
import { defaultDisplay } from '../../../../../controller/cli/render/renderer.ts'
import type { RunEventBody } from '../../../../../proto/run.ts'
import { mapOf } from '../../../../../proto/value.ts'

const none = { ok: 0, changed: 0, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0 }

const bodies: readonly RunEventBody[] = [
  { kind: 'message', level: 'warning', text: 'careful' },
  { kind: 'play_started', play: 'web', hosts: ['h'], path: '/site.yml:1' },
  {
    kind: 'task_started',
    taskId: 't1',
    task: 'say',
    isHandler: false,
    module: 'debug',
    path: '/site.yml:3',
    check: false,
  },
  {
    kind: 'host_result',
    taskId: 't1',
    task: 'say',
    module: 'debug',
    host: { host: 'h' },
    status: 'failed',
    isIgnored: false,
    hasItems: false,
    result: mapOf({ msg: 'é', changed: false }),
  },
  { kind: 'stats', stats: { h: { ...none, failed: 1 } } },
  { kind: 'run_ended', exitCode: 2 },
]

test('JsonReport prints one document after the end, warnings on standard error', () => {
  const report = new JsonReport({
    runId: 'r1',
    columns: 79,
    hasColour: false,
    verbosity: 0,
    isCheck: false,
    isTyped: () => false,
    display: defaultDisplay,
  })
  const printed = bodies.flatMap((body, seq) => report.render({ seq, atMs: seq, body }))
  const [warning, document, ...rest] = printed
  assert.deepEqual(warning, { stream: 'stderr', text: '[WARNING]: careful\n' })
  assert.deepEqual(rest, [])
  assert.match(document?.text ?? '', /"msg": "\\u00e9"/u)
  const at = (ms: number) => `1970-01-01T00:00:00.00${ms}000Z`
  const { failed, ...counts } = { ...none, failed: 1 }
  assert.deepEqual(JSON.parse(document?.text ?? ''), {
    custom_stats: {},
    global_custom_stats: {},
    plays: [
      {
        play: {
          duration: { start: at(1), end: at(3) },
          id: 'r1.p1',
          name: 'web',
          path: '/site.yml:1',
        },
        tasks: [
          {
            hosts: {
              h: {
                _ansible_no_log: false,
                action: 'debug',
                changed: false,
                failed: true,
                msg: 'é',
              },
            },
            task: {
              duration: { start: at(2), end: at(3) },
              id: 't1',
              name: 'say',
              path: '/site.yml:3',
            },
          },
        ],
      },
    ],
    stats: { h: { ...counts, failures: failed } },
  })
})
