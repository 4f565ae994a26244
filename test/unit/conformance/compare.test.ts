import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differences } from '../../conformance/compare.ts'

const same = { stdout: 'one\ntwo\nthree\n', stderr: '', exit: 0 }

test('differences() finds none between equal answers, whatever the warnings', () => {
  assert.deepEqual(differences(same, { ...same, stderr: '[WARNING]: something' }), [])
})

test('differences() shows the lines that only one side has', () => {
  const [shown] = differences(same, { ...same, stdout: 'one\n2\nthree\n' })
  assert.equal(shown, '  one\n- two\n+ 2\n  three')
})

test('differences() tells another exit code', () => {
  assert.deepEqual(differences(same, { ...same, exit: 2 }), ['exit code: expected 0, got 2'])
})

test('differences() wants an error to be told and to name what it is about', () => {
  const refused = {
    stdout: '',
    stderr: "ERROR! 'hots' is not a valid attribute for a Play\n\nThe error appears to be in 'x'",
    exit: 4,
  }
  const named = { ...refused, stderr: 'site.yml:1:3: unknown keyword "hots"' }
  assert.deepEqual(differences(refused, named), [])
  assert.equal(differences(refused, { ...refused, stderr: 'broken' }).length, 1)
  assert.equal(differences(refused, { ...refused, stderr: '' }).length, 1)
})
