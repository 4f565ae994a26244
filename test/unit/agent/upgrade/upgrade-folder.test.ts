import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { identify, identityText, kernelFiles } from '../../../../agent/jobs/process-identity.ts'
import { UpgradeFolder } from '../../../../agent/upgrade/upgrade-folder.ts'
import { tempDir } from '../temp-dir.ts'

const self = identify(kernelFiles, process.pid)

test('standing() follows an upgrade from its beginning to its end', (t) => {
  const folder = new UpgradeFolder(tempDir(t), kernelFiles)
  const put = (name: string, text: string) => writeFileSync(join(folder.dir, name), text)
  const phase = (ownHash: string) => folder.standing(ownHash).phase
  assert.equal(phase('old'), 'none')

  folder.begin('new', 'echo')
  assert.ok(self)
  put('switcher', identityText(self))
  assert.deepEqual([phase('old'), phase('new')], ['trial', 'trial'])
  assert.equal(folder.isSwitching, true)

  put('switcher', identityText({ ...self, startTicks: '1' }))
  assert.deepEqual([phase('old'), phase('new')], ['reverted', 'unsettled'])
  assert.equal(folder.isBrokenOff, true)
  assert.match(folder.standing('old').reason, /broken off/u)

  put('outcome', 'reverted it ended: Error: no\u001b[31m good\n')
  assert.deepEqual(folder.standing('old'), {
    phase: 'reverted',
    sha256: 'new',
    reason: 'it ended: Error: no [31m good',
  })
  assert.equal(folder.isBrokenOff, false)

  folder.conclude('kept')
  assert.deepEqual([phase('old'), phase('new')], ['kept', 'kept'])
  folder.begin('newer', 'echo')
  assert.deepEqual(folder.standing('newer').sha256, 'newer')
  assert.equal(phase('new'), 'reverted')
})

test('decide() writes one line for the switcher', (t) => {
  const folder = new UpgradeFolder(tempDir(t), kernelFiles)
  folder.begin('new', 'echo')
  folder.decide('keep', '')
  assert.equal(readFileSync(join(folder.dir, 'verdict'), 'utf8'), 'keep')
  folder.decide('revert', 'it lost\njobs')
  assert.equal(readFileSync(join(folder.dir, 'verdict'), 'utf8'), 'revert it lost jobs')
})
