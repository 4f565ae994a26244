import assert from 'node:assert/strict'
import { test } from 'node:test'
import { status } from '@grpc/grpc-js'
import {
  codeOfStatus,
  ErrandError,
  errorCodeFrom,
  exitCodeOf,
  statusOf,
  type ErrorCode,
} from '../../../proto/errors.ts'

const codes: readonly (readonly [ErrorCode, number])[] = [
  ['invalid', 1],
  ['syntax', 4],
  ['not_found', 1],
  ['conflict', 1],
  ['unreachable', 4],
  ['denied', 4],
  ['unsupported', 1],
  ['exhausted', 1],
  ['cancelled', 99],
  ['interrupted', 99],
  ['internal', 250],
]

test('statusOf() is undone by codeOfStatus() for each code', () => {
  for (const [code] of codes) assert.equal(codeOfStatus(statusOf(new ErrandError(code, ''))), code)
})

test('exitCodeOf() is that of ansible-playbook where it has one', () => {
  for (const [code, exit] of codes) assert.equal(exitCodeOf(new ErrandError(code, '')), exit)
  assert.equal(exitCodeOf(new Error('a defect')), 250)
})

test('codeOfStatus() reads a deadline as unreachable and what it does not know as internal', () => {
  assert.equal(codeOfStatus(status.DEADLINE_EXCEEDED), 'unreachable')
  assert.equal(codeOfStatus(status.UNAUTHENTICATED), 'denied')
  assert.equal(codeOfStatus(status.DATA_LOSS), 'internal')
  assert.equal(errorCodeFrom('constructor'), 'internal')
})
