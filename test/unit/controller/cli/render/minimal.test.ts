import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultDisplay } from '../../../../../controller/cli/render/renderer.ts'
import { MinimalRenderer } from '../../../../../controller/cli/render/minimal.ts'
import type { HostResult } from '../../../../../proto/run.ts'
import { parseJson } from '../../../../../proto/json-text.ts'
import type { ValueMap } from '../../../../../proto/value.ts'

/** What `ansible` 2.14 prints for each of these (recorded from it), on several lines and with -o. */
const cases: readonly {
  readonly name: string
  readonly module: string
  readonly status: HostResult['status']
  readonly result: string
  readonly minimal: string
  readonly oneLine: string
}[] = [
  {
    name: 'a command',
    module: 'command',
    status: 'changed',
    result: '{"changed": true, "stdout": "a\\nb", "stderr": "", "rc": 0, "msg": ""}',
    minimal: 'web1 | CHANGED | rc=0 >>\na\nb\n',
    oneLine: 'web1 | CHANGED | rc=0 | (stdout) a\\nb\n',
  },
  {
    name: 'a command that failed',
    module: 'shell',
    status: 'failed',
    result:
      '{"changed": true, "stdout": "out", "stderr": "err", "rc": 3, "msg": "non-zero return code", "failed": true}',
    minimal: 'web1 | FAILED | rc=3 >>\nouterrnon-zero return code\n',
    oneLine:
      'web1 | FAILED! => {"changed": true,"msg": "non-zero return code","rc": 3,"stderr": "err","stdout": "out"}\n',
  },
  {
    name: 'a module',
    module: 'ping',
    status: 'ok',
    result: '{"changed": false, "ping": "pong"}',
    minimal: 'web1 | SUCCESS => {\n    "changed": false,\n    "ping": "pong"\n}\n',
    oneLine: 'web1 | SUCCESS => {"changed": false,"ping": "pong"}\n',
  },
  {
    name: 'a command in the background',
    module: 'command',
    status: 'changed',
    result: '{"changed": true, "ansible_job_id": "j1.2", "started": 1, "finished": 0}',
    minimal:
      'web1 | CHANGED => {\n    "ansible_job_id": "j1.2",\n    "changed": true,\n    "finished": 0,\n    "started": 1\n}\n',
    oneLine:
      'web1 | CHANGED => {"ansible_job_id": "j1.2","changed": true,"finished": 0,"started": 1}\n',
  },
  {
    name: 'a host out of reach',
    module: 'ping',
    status: 'unreachable',
    result: '{"changed": false, "msg": "no route", "unreachable": true}',
    minimal:
      'web1 | UNREACHABLE! => {\n    "changed": false,\n    "msg": "no route",\n    "unreachable": true\n}\n',
    oneLine: 'web1 | UNREACHABLE!: no route\n',
  },
  {
    name: 'nothing to do',
    module: 'command',
    status: 'skipped',
    result: '{"changed": false}',
    minimal: 'web1 | SKIPPED\n',
    oneLine: 'web1 | SKIPPED\n',
  },
]

for (const { name, module, status, result, minimal, oneLine } of cases) {
  test(`MinimalRenderer prints ${name}`, () => {
    const event: HostResult = {
      kind: 'host_result',
      taskId: 't1',
      task: module,
      module,
      host: { host: 'web1' },
      status,
      isIgnored: false,
      hasItems: false,
      result: parseJson(result) as ValueMap,
    }
    assert.equal(printed(event, false), minimal)
    assert.equal(printed(event, true), oneLine)
  })
}

function printed(body: HostResult, isOneLine: boolean): string {
  const options = {
    runId: 'r1',
    columns: 79,
    hasColour: false,
    verbosity: 0,
    isCheck: false,
    isTyped: () => false,
    display: defaultDisplay,
  }
  return new MinimalRenderer(options, isOneLine)
    .render({ seq: 1, atMs: 0, body })
    .map(({ text }) => text)
    .join('')
}
