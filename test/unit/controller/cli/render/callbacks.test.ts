import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withCallbacks } from '../../../../../controller/cli/render/beside/with-callbacks.ts'
import {
  defaultDisplay,
  type RenderOptions,
} from '../../../../../controller/cli/render/renderer.ts'
import { dumpResult } from '../../../../../controller/cli/render/shown-result.ts'
import type { RunEventBody } from '../../../../../proto/run.ts'
import { mapOf } from '../../../../../proto/value.ts'

const command = mapOf({
  changed: true,
  rc: 3,
  stdout: 'one\n\ntwo  ',
  stdout_lines: ['one', '', 'two  '],
  stderr: '',
  msg: 'non-zero return code',
})

test('dumpResult() shows a result as the callback yaml does', () => {
  const display = { ...defaultDisplay, callback: 'yaml' }
  assert.equal(
    dumpResult(command, { verbosity: 0, display }),
    `changed=true 
  msg: non-zero return code
  rc: 3
  stderr: ''
  stdout: |-
    one
  
    two
  stdout_lines: <omitted>`,
  )
  const bare = mapOf({ changed: false, skipped: true })
  assert.equal(dumpResult(bare, { verbosity: 0, display }), 'changed=false skipped=true')
})

test('dumpResult() shows what a command printed as the callback debug does', () => {
  const display = { ...defaultDisplay, callback: 'debug' }
  assert.equal(
    dumpResult(command, { verbosity: 0, display }),
    `{
    "changed": true,
    "rc": 3
}

STDOUT:

one

two  


MSG:

non-zero return code
`,
  )
})

const nobody = { isTyped: () => false, runId: 'r1', hasColour: false, isCheck: false }
const silent = { render: () => [] }

function printed(callbacks: readonly string[], events: readonly [number, RunEventBody][]): string {
  const display = { ...defaultDisplay, callbacks }
  const options: RenderOptions = { ...nobody, columns: 79, verbosity: 0, display }
  const renderer = withCallbacks(silent, options)
  return events
    .flatMap(([atMs, body], seq) => renderer.render({ seq, atMs, body }))
    .map(({ text }) => text)
    .join('')
}

function task(taskId: string, name: string): RunEventBody {
  const rest = { isHandler: false, module: 'command', path: '/site.yml:1', check: false } as const
  return { kind: 'task_started', taskId, task: name, ...rest }
}

const stats: RunEventBody = { kind: 'stats', stats: {} }

test('timer says after the recap how long the run took', () => {
  const events: [number, RunEventBody][] = [
    [5000, task('a', 'one')],
    [5000 + 2 * 86_400_000 + 3_723_900, stats],
  ]
  assert.equal(
    printed(['timer', 'unknown'], events),
    'Playbook run took 2 days, 1 hours, 2 minutes, 3 seconds\n',
  )
})

test('profile_tasks says when each task began, and which took longest', () => {
  const text = printed(
    ['profile_tasks'],
    [
      [0, task('a', 'one')],
      [250, task('b', 'two')],
      [61_500, task('a', 'one')],
      [61_600, stats],
    ],
  )
  const lines = text.split('\n')
  assert.match(
    lines[0] ?? '',
    /^\w+ \d\d \w+ \d{4}  \d\d:\d\d:\d\d [+-]\d{4} \(0:00:00\.000\) {7}0:00:00\.000 \*+ $/u,
  )
  assert.match(lines[2] ?? '', /\(0:01:01\.250\) {7}0:01:01\.500 \*+ $/u)
  assert.deepEqual(lines.slice(4), [
    `${'='.repeat(79)} `,
    `two ${'-'.repeat(66)}-- 61.25s`,
    `one ${'-'.repeat(66)}--- 0.35s`,
    '',
  ])
})
