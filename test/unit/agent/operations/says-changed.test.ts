import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runOperation } from '../../../../agent/operations/table.ts'

const context = {
  uploadPath: () => undefined,
  environment: {},
  signal: new AbortController().signal,
}

/** Who looks at a job that another run started knows an operation's JSON by it, also where Ansible's module says nothing. */
for (const [operation, args] of [
  ['ping', {}],
  ['slurp', { src: '/dev/null' }],
  ['slurp', { src: '/nowhere/at-all' }],
  ['setup', { gather_subset: ['!all', '!min'] }],
  ['wait_for', { path: '/', timeout: 5 }],
  ['file', { path: '/nowhere/at-all' }],
  ['stat', { path: '/' }],
] as const) {
  test(`runOperation() says of ${operation} ${JSON.stringify(args)} whether it changed anything`, async () => {
    const result = JSON.parse(
      await runOperation(operation, JSON.stringify(args), context),
    ) as object
    assert.equal(Reflect.get(result, 'changed'), false)
  })
}
