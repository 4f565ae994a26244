import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { RunRequest } from '../../../../proto/run.ts'
import { runHere } from '../../../support/run-here.ts'
import { writeTree } from '../vars/language-lab.ts'

const site = `
- hosts: localhost
  gather_facts: false
  vars_prompt:
    - {name: a, prompt: A}
    - {name: b, default: from-default}
    - {name: c, default: '{{ b }}', unsafe: true}
    - {name: d, default: word, encrypt: sha512_crypt, salt: abcd}
  tasks:
    - debug: {msg: "{{ a }}|{{ b }}|{{ c }}|{{ d[:8] }}"}
`

async function said(t: TestContext, request: Partial<RunRequest>): Promise<unknown> {
  const root = writeTree(t, { 'site.yml': site })
  const { events } = await runHere({ ...request, playbooks: [join(root, 'site.yml')] })
  const results = events.filter((event) => event.kind === 'host_result')
  return results[0]?.result.get('msg')
}

test('takeAnswers() takes defaults, or None, where nobody was asked', async (t) => {
  assert.equal(await said(t, {}), 'None|from-default|{{ b }}|$6$abcd$')
})

test('takeAnswers() takes what was answered, and nothing for what -e gives', async (t) => {
  const promptAnswers = { 'p0.a': 'no', 'p0.b': '{{ 1 + 1 }}', 'p0.c': '{{ a }}', 'p0.d': '' }
  assert.equal(await said(t, { promptAnswers, extraVars: ['a=yes'] }), 'yes|2|{{ a }}|$6$abcd$')
})
