import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { names, unsortedNames } from '../../../../../agent/operations/facts/read.ts'

test('unsortedNames() has the order of the system, names() that of the alphabet', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'errand-names-'))
  t.after(() => {
    rmSync(folder, { recursive: true })
  })
  for (const name of ['loop10', 'loop9', 'vda', 'loop1']) writeFileSync(join(folder, name), '')
  const listed = execFileSync('ls', ['-U', folder], { encoding: 'utf8' }).trim().split('\n')
  assert.deepEqual(unsortedNames(folder), listed)
  assert.deepEqual(names(folder), ['loop1', 'loop10', 'loop9', 'vda'])
})

test('a folder that is not there has no names', () => {
  assert.deepEqual([unsortedNames('/nowhere'), names('/nowhere')], [[], []])
})
