import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { InputLines } from '../../../../controller/cli/input-lines.ts'

const { signal } = new AbortController()

test('next() gives each line once, and nothing at the end', async () => {
  const input = new PassThrough()
  using lines = new InputLines(input)
  input.end('one\ntwo')
  assert.equal(await lines.next(signal), 'one')
  assert.equal(await lines.next(signal), 'two')
  assert.equal(await lines.next(signal), undefined)
  assert.equal(await lines.next(signal), undefined)
})

test('next() leaves the line of who waits no longer to the next', async () => {
  const input = new PassThrough()
  using lines = new InputLines(input)
  const stop = new AbortController()
  const given = lines.next(stop.signal)
  stop.abort(new Error('answered elsewhere'))
  await assert.rejects(given, /answered elsewhere/u)
  input.write('mine\n')
  assert.equal(await lines.next(signal), 'mine')
})

test('key() gives the first of the wanted keys, in raw mode, and leaves lines to the next', async () => {
  const modes: boolean[] = []
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (isRaw: boolean) => modes.push(isRaw),
  })
  using lines = new InputLines(input)
  assert.ok(lines.hasKeys)
  const key = lines.key(['c', 'a'], signal)
  input.write('xy')
  input.write('zA')
  assert.equal(await key, 'a')
  assert.deepEqual(modes, [true, false])
  const line = lines.next(signal)
  input.write('mine\n')
  assert.equal(await line, 'mine')
})
