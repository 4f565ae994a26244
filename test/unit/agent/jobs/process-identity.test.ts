import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  identify,
  identityText,
  isAlive,
  kernelFiles,
  parseIdentity,
  parseProcessStat,
} from '../../../../agent/jobs/process-identity.ts'
import { tempDir } from '../temp-dir.ts'

const stat = (state: string, ticks: string) =>
  `42 (a) b (c) ${state} 7 8 9 ${Array.from({ length: 15 }, () => '0').join(' ')} ${ticks} 1 2\n`

test('parseProcessStat() is not misled by a name with brackets and blanks', () => {
  assert.deepEqual(parseProcessStat(stat('S', '12345')), {
    pid: 42,
    state: 'S',
    ppid: 7,
    session: 9,
    startTicks: '12345',
  })
  assert.equal(parseProcessStat('nonsense'), undefined)
})

test('isAlive() says yes to this process only with its own start and boot', () => {
  const self = identify(kernelFiles, process.pid)
  assert.ok(self)
  assert.equal(isAlive(kernelFiles, self), true)
  assert.equal(isAlive(kernelFiles, { ...self, startTicks: `${self.startTicks}1` }), false)
  assert.equal(isAlive(kernelFiles, { ...self, bootId: 'another' }), false)
})

test('isAlive() says no to a zombie', (t) => {
  const procDir = tempDir(t)
  const bootIdFile = join(procDir, 'boot')
  writeFileSync(bootIdFile, 'b\n')
  mkdirSync(join(procDir, '42'))
  const identity = { pid: 42, startTicks: '5', bootId: 'b' }
  writeFileSync(join(procDir, '42/stat'), stat('S', '5'))
  assert.equal(isAlive({ procDir, bootIdFile }, identity), true)
  writeFileSync(join(procDir, '42/stat'), stat('Z', '5'))
  assert.equal(isAlive({ procDir, bootIdFile }, identity), false)
})

test('parseIdentity() reads what identityText() writes, and nothing torn', () => {
  const identity = { pid: 12, startTicks: '345', bootId: 'a7f37482-7467-4b0c-a516-e74af4e98546' }
  const text = identityText(identity)
  assert.deepEqual(parseIdentity(text), identity)
  for (let length = 0; length < text.length - 1; length += 1) {
    assert.equal(parseIdentity(text.slice(0, length)), undefined)
  }
})
