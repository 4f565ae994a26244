import assert from 'node:assert/strict'
import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { mayPrompt } from '../../../controller/may-prompt.ts'

const plain = '- hosts: all\n  tasks: []\n'
const asking = '- hosts: all\n  vars_prompt: [{ name: x }]\n  tasks: []\n'

for (const [what, files, expected] of [
  ['no prompt', { 'site.yml': plain }, false],
  ['a prompt', { 'site.yml': asking }, true],
  [
    'a prompt in what it imports',
    { 'site.yml': '- import_playbook: a.yml\n', 'a.yml': asking },
    true,
  ],
  ['imports without a prompt', { 'site.yml': '- import_playbook: a.yml\n', 'a.yml': plain }, false],
  ['playbooks that import each other', { 'site.yml': '- import_playbook: site.yml\n' }, false],
  ['an import with a template', { 'site.yml': '- import_playbook: "{{ x }}.yml"\n' }, true],
  ['an import that is not there', { 'site.yml': '- import_playbook: gone.yml\n' }, true],
  ['a vault', { 'site.yml': '$ANSIBLE_VAULT;1.1;AES256\n00\n' }, true],
] as const) {
  test(`mayPrompt() of ${what} is ${expected}`, () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'errand-prompts-'))
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder.path, name), text)
    assert.equal(mayPrompt({ cwd: folder.path, playbooks: ['site.yml'] }), expected)
  })
}
