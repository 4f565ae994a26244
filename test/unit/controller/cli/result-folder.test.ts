import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ResultFolder } from '../../../../controller/cli/result-folder.ts'
import { mapOf } from '../../../../proto/value.ts'
import type { HostResult, RunEvent } from '../../../../proto/run.ts'

function told(result: HostResult['result'], status: HostResult['status'] = 'ok'): RunEvent {
  const host = { host: 'web1' }
  return { body: { kind: 'host_result', host, status, module: 'ping', result } } as RunEvent
}

test('ResultFolder writes what a host answered as one line of JSON', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'errand-tree-'))
  t.after(() => {
    rmSync(root, { recursive: true })
  })
  const folder = new ResultFolder(join(root, 'new', 'tree'), () => assert.fail('warned'))
  folder.note(told(mapOf({ changed: false, failed: false, ping: 'pong' })))
  folder.note(told(mapOf({ changed: true }), 'skipped'))
  const text = readFileSync(join(root, 'new', 'tree', 'web1'), 'utf8')
  assert.equal(text, '{"changed": false, "ping": "pong"}')
})

test('ResultFolder warns of what cannot be written', () => {
  const warnings: string[] = []
  new ResultFolder('/dev/null/tree', (text) => warnings.push(text)).note(told(mapOf({})))
  assert.match(warnings.join(), /Unable to write to web1's file/u)
})
