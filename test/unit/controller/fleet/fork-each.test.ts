import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forkEach } from '../../../../controller/fleet/fork-each.ts'
import type { HostTarget } from '../../../../controller/run/ports.ts'
import { ErrandError } from '../../../../proto/errors.ts'

const { signal } = new AbortController()
const targets = ['a', 'b', 'c', 'd'].map((name) => ({ name }) as HostTarget)

test('forkEach() works on so many at a time and yields the steps of each in order', async () => {
  let [now, most] = [0, 0]
  const steps: string[] = []
  const work = async (_target: HostTarget, onStep: (step: string, message: string) => void) => {
    now += 1
    most = Math.max(most, now)
    onStep('probe', 'x')
    await new Promise(setImmediate)
    now -= 1
    return { step: 'done', message: 'y' } as const
  }
  for await (const { host, step } of forkEach(targets, { forks: 2, signal }, work))
    steps.push(`${host} ${step}`)
  assert.equal(most, 2)
  assert.deepEqual(
    steps.toSorted(),
    ['a', 'b', 'c', 'd'].flatMap((name) => [`${name} done`, `${name} probe`]),
  )
  assert.ok(steps.indexOf('a probe') < steps.indexOf('a done'))
})

test("forkEach() makes a host's failure its last step and goes on", async () => {
  const work = (target: HostTarget) =>
    target.name === 'b'
      ? Promise.reject(new ErrandError('denied', 'b says no'))
      : Promise.resolve({ step: 'done', message: 'y' } as const)
  const seen = []
  for await (const step of forkEach(targets, { forks: 1, signal }, work)) seen.push(step)
  assert.deepEqual(seen[1], {
    host: 'b',
    step: 'failed',
    message: 'b says no',
    errorCode: 'denied',
  })
  assert.equal(seen.length, 4)
})

test('forkEach() ends at once without hosts', async () => {
  for await (const _ of forkEach([], { forks: 5, signal }, () =>
    Promise.reject(new Error('not called')),
  ))
    assert.fail()
})
