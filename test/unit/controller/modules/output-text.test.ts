import { mapOf } from '../../../../proto/value.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { outputText, withLines } from '../../../../controller/modules/output-text.ts'

test('withLines() splits as Python does, without an empty line at the end', () => {
  assert.deepEqual(withLines(mapOf({ stdout: '' })).get('stdout_lines'), [])
  assert.deepEqual(withLines(mapOf({ stdout: 'a\n' })).get('stdout_lines'), ['a'])
  assert.deepEqual(withLines(mapOf({ stderr: 'a\r\nb\rc\n\n' })).get('stderr_lines'), [
    'a',
    'b',
    'c',
    '',
  ])
})

test('outputText() shows bytes that are no UTF-8', () => {
  assert.equal(outputText(new Uint8Array([97, 255, 98])), 'a\uFFFDb')
})
