import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { DefaultRenderer } from '../../../../../controller/cli/render/default.ts'
import {
  defaultDisplay,
  type RenderOptions,
} from '../../../../../controller/cli/render/renderer.ts'
import type { RunEvent, RunEventBody } from '../../../../../proto/run.ts'
import { eventBodyFrom } from '../../../../../proto/event-body.ts'
import { parseJson, stringifyJson } from '../../../../../proto/json-text.ts'
import { isMap, newMap, type ValueMap } from '../../../../../proto/value.ts'

const folder = join(import.meta.dirname, '../../../../fixtures/render')

/** Events of a run and what ansible-playbook 2.14.18 printed of it (recorded; temporary names made the same). */
for (const [name, options] of [
  ['default', { verbosity: 0 }],
  ['default-v', { verbosity: 1 }],
  ['colour', { hasColour: true }],
] as const) {
  test(`DefaultRenderer prints what ansible-playbook does: ${name}`, () => {
    const events = readFileSync(join(folder, `${name}.jsonl`), 'utf8')
      .trim()
      .split('\n')
      .map(recordedEvent)
    const { stdout } = rendered(events, options)
    assert.equal(stdout, readFileSync(join(folder, `${name}.txt`), 'utf8'))
  })
}

function recordedEvent(line: string): RunEvent {
  const event = parseJson(line)
  assert.ok(isMap(event))
  return {
    seq: Number(event.get('seq')),
    atMs: 0,
    body: eventBodyFrom(stringifyJson(event.get('body'))),
  }
}

test('DefaultRenderer says each warning once, on standard error, wrapped', () => {
  const warning = { kind: 'message', level: 'warning', text: `${'word '.repeat(20)}end` } as const
  const { stdout, stderr } = rendered(bodies(warning, warning))
  assert.equal(stdout, '')
  assert.equal(stderr.split('\n').length, 3)
  assert.ok(stderr.startsWith('[WARNING]: word word'))
})

test('DefaultRenderer names the jobs that are out and the command that waits for them', () => {
  const { stdout } = rendered(
    bodies({ kind: 'jobs_out', jobs: [{ jobId: 'j1', host: 'web1', task: 'Monitor' }] }),
  )
  assert.match(stdout, /errand wait --run r1/u)
  assert.match(stdout, /^web1 +: j1 Monitor$/mu)
})

test('DefaultRenderer says why a run ended early, in the words of Ansible', () => {
  const broken = rendered(
    bodies({ kind: 'run_ended', exitCode: 4, error: 'site.yml:1:1: no playbook' }),
  )
  assert.equal(broken.stderr, 'ERROR! site.yml:1:1: no playbook\n')
  const interrupted = rendered(
    bodies({ kind: 'run_ended', exitCode: 99, error: 'User interrupted execution' }),
  )
  assert.equal(interrupted.stderr, '[ERROR]: User interrupted execution\n')
})

test('DefaultRenderer shows an exception as its last line, and whole at -vvv', () => {
  const failed: RunEventBody = {
    kind: 'host_result',
    taskId: 't1',
    task: 'broken',
    module: 'command',
    host: { host: 'web1' },
    status: 'failed',
    isIgnored: false,
    hasItems: false,
    result: newMap([
      ['exception', 'Traceback:\n  deep\nValueError: no\n'],
      ['msg', 'MODULE FAILURE'],
      ['invocation', newMap()],
    ]),
  }
  assert.equal(
    rendered(bodies(failed)).stdout,
    'An exception occurred during task execution. To see the full traceback, use -vvv. The error was: ValueError: no\n' +
      'fatal: [web1]: FAILED! => {"msg": "MODULE FAILURE"}\n',
  )
  assert.equal(
    rendered(bodies(failed), { verbosity: 3 }).stdout,
    'The full traceback is:\nTraceback:\n  deep\nValueError: no\n' +
      'fatal: [web1]: FAILED! => {\n    "invocation": {},\n    "msg": "MODULE FAILURE"\n}\n',
  )
})

/** A result of a task on web1, as an event. */
function resultOf(status: 'ok' | 'skipped' | 'failed', result: string): RunEventBody {
  return {
    kind: 'host_result',
    taskId: status,
    task: status,
    module: 'command',
    host: { host: 'web1' },
    status,
    isIgnored: false,
    hasItems: false,
    result: parseJson(result) as ValueMap,
  }
}

function startOf(task: string): RunEventBody {
  const path = '/site.yml:3'
  return {
    kind: 'task_started',
    taskId: task,
    task,
    isHandler: false,
    module: 'command',
    path,
    check: true,
  }
}

test('DefaultRenderer leaves out hosts that are not to be shown, and headings with nothing below', () => {
  const events = bodies(
    startOf('skipped'),
    resultOf('skipped', '{"skipped":true}'),
    startOf('ok'),
    resultOf('ok', '{}'),
    startOf('failed'),
    resultOf('failed', '{"msg":"no"}'),
  )
  const display = { ...defaultDisplay, skippedHosts: false, okHosts: false, checkModeMarkers: true }
  const { stdout } = rendered(events, { display, isCheck: true })
  const heading = `TASK [failed] [CHECK MODE] ${'*'.repeat(53)}`
  assert.equal(stdout, `\n${heading}\nfatal: [web1]: FAILED! => {"msg": "no"}\n`)
})

test('DefaultRenderer puts failures on standard error when it is told to', () => {
  const display = { ...defaultDisplay, failedOnStderr: true, taskPathOnFailure: true }
  const { stdout, stderr } = rendered(
    bodies(startOf('failed'), resultOf('failed', '{"msg":"no"}')),
    { display },
  )
  assert.equal(stderr, 'fatal: [web1]: FAILED! => {"msg": "no"}\n')
  assert.match(stdout, /^task path: \/site\.yml:3$/mu)
})

test('DefaultRenderer shows results as YAML as ansible-playbook 2.14.18 does', () => {
  const result = {
    changed: false,
    stdout: 'a b  \n\tc\n',
    stdout_lines: ['a b  ', '\tc'],
    empty: [],
    map: { list: [1, 'two'], no: 'yes' },
  }
  const display = { ...defaultDisplay, resultFormat: 'yaml' as const }
  const { stdout } = rendered(bodies(resultOf('failed', JSON.stringify(result))), { display })
  assert.equal(
    stdout,
    `fatal: [web1]: FAILED! => 
    changed: false
    empty: []
    map:
        list:
        - 1
        - two
        'no': 'yes'
    stdout: |-
        a b
                c
    stdout_lines: <omitted>
`,
  )
})

test('DefaultRenderer shows what set_stats gathered when it is told to', () => {
  const custom = newMap([['_run', newMap([['n', 3]])]])
  const display = { ...defaultDisplay, customStats: true }
  const { stdout } = rendered(bodies({ kind: 'stats', stats: {}, custom }), { display })
  assert.match(stdout, /\n\nCUSTOM STATS: \*+\n\n\tRUN: \{ "n": 3\}\n\n$/u)
})

function bodies(...all: readonly RunEventBody[]): readonly RunEvent[] {
  return all.map((body, index) => ({ seq: index + 1, atMs: 0, body }))
}

function rendered(
  events: readonly RunEvent[],
  options: Partial<RenderOptions> = {},
): { readonly stdout: string; readonly stderr: string } {
  const renderer = new DefaultRenderer({
    runId: 'r1',
    columns: 79,
    hasColour: false,
    verbosity: 0,
    isCheck: false,
    isTyped: () => false,
    display: defaultDisplay,
    ...options,
  })
  const printed = events.flatMap((event) => renderer.render(event))
  const textOf = (stream: string) =>
    printed
      .filter((piece) => piece.stream === stream)
      .map(({ text }) => text)
      .join('')
  return { stdout: textOf('stdout'), stderr: textOf('stderr') }
}
