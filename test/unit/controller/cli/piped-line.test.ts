import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { pipedLine, pipedRest } from '../../../../controller/cli/piped-line.ts'

test('pipedLine() takes one line and leaves what comes after it', async () => {
  const input = new PassThrough()
  input.write('one\r\ntw')
  assert.equal(await pipedLine(input), 'one')
  const second = pipedLine(input)
  input.end('o\nthree\nfour')
  assert.equal(await second, 'two')
  assert.equal((await pipedRest(input)).toString(), 'three\nfour')
})

test('pipedLine() takes a last line without an end, then says that there is none', async () => {
  const input = new PassThrough()
  input.end('\nlast')
  assert.equal(await pipedLine(input), '')
  assert.equal(await pipedLine(input), 'last')
  assert.equal(await pipedLine(input), undefined)
})
