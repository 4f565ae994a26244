import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TextLines } from '../../../../../controller/cli/live/text-lines.ts'

function linesOf(...pieces: readonly (string | Uint8Array)[]): readonly string[] {
  const lines = new TextLines()
  const whole = pieces.flatMap((piece) => lines.add(Buffer.from(piece), 0))
  return [...whole, ...lines.rest()]
}

test('TextLines joins what came in pieces, characters too', () => {
  const bytes = Buffer.from('für\n')
  assert.deepEqual(linesOf('a', 'b\nc', '\n'), ['ab', 'c'])
  assert.deepEqual(linesOf(bytes.subarray(0, 2), bytes.subarray(2)), ['für'])
  assert.deepEqual(linesOf('no end'), ['no end'])
  assert.deepEqual(linesOf('\n\n'), ['', ''])
})

test('TextLines shows of a line that is written over what a terminal shows at last', () => {
  assert.deepEqual(linesOf('10%\r20%\r30%\r\n'), ['30%'])
  assert.deepEqual(linesOf('dos\r\n'), ['dos'])
})

test('TextLines lets through nothing that a terminal acts on', () => {
  assert.deepEqual(linesOf('\u001B[2Jgone\u0007\tx\u009b\n'), ['\\x1b[2Jgone\\x07\tx\\x9b'])
  assert.deepEqual(linesOf(Uint8Array.of(0xff, 0, 0x41, 0x0a)), ['\uFFFD\\x00A'])
})

test('TextLines cuts a line that has no end, between characters', () => {
  const lines = new TextLines()
  const text = 'ä'.repeat(20_000)
  const shown = [...lines.add(Buffer.from(text), 0), ...lines.rest()]
  assert.ok(shown.length > 1)
  assert.equal(shown.join(''), text)
})

test('TextLines tells since when a line has no end', () => {
  const lines = new TextLines()
  lines.add(Buffer.from('a\nb'), 5)
  assert.equal(lines.openSinceMs, 5)
  assert.deepEqual(lines.rest(), ['b'])
  assert.equal(lines.openSinceMs, undefined)
})
