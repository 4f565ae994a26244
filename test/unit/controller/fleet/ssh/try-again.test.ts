import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tryAgain } from '../../../../../controller/fleet/ssh/try-again.ts'
import { ErrandError } from '../../../../../proto/errors.ts'

const { signal } = new AbortController()

test('tryAgain() connects anew while the host does not answer, at growing distances', async () => {
  const waits: number[] = []
  const answers = failing('unreachable', 4)
  const clock = { sleep: async (ms: number) => void waits.push(ms) }
  assert.equal(await tryAgain(answers, { retries: 5, signal, clock }), 'connected')
  assert.deepEqual(waits, [0, 1000, 3000, 7000])
})

test('tryAgain() gives up after its retries, with what the last attempt said', async () => {
  const clock = { sleep: async () => undefined }
  const attempt = tryAgain(failing('unreachable', 4), { retries: 2, signal, clock })
  await assert.rejects(attempt, { code: 'unreachable', message: 'attempt 3' })
})

test('tryAgain() asks a host that refuses the login once only', async () => {
  const clock = { sleep: () => assert.fail('it waited') }
  const attempt = tryAgain(failing('denied', 1), { retries: 5, signal, clock })
  await assert.rejects(attempt, { code: 'denied', message: 'attempt 1' })
})

/** Fails so often, then connects. */
function failing(code: 'unreachable' | 'denied', times: number): () => Promise<string> {
  let made = 0
  return async () => {
    made += 1
    if (made <= times) throw new ErrandError(code, `attempt ${made}`)
    return 'connected'
  }
}
