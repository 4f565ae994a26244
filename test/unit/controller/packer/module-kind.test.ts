import assert from 'node:assert/strict'
import { test } from 'node:test'
import { moduleKind } from '../../../../controller/packer/module-kind.ts'

const kinds = [
  ['python', '#!/usr/bin/python\nfrom ansible.module_utils.basic import AnsibleModule\n'],
  ['python', 'import ansible.module_utils.basic\n'],
  ['python', 'from ansible_collections.a.b.plugins.module_utils.c import d\n'],
  ['python', 'def main():\n    from ..module_utils.x import y\n'],
  ['python', '#!/usr/bin/python\n#<<INCLUDE_ANSIBLE_MODULE_COMMON>>\n'],
  ['json_args', '#!/bin/sh\nargs="<<INCLUDE_ANSIBLE_MODULE_JSON_ARGS>>"\n'],
  ['want_json', '#!/usr/bin/perl\n# WANT_JSON\n'],
  ['old', '#!/bin/sh\n. "$1"\n'],
  ['powershell', '#!powershell\n#Requires -Module Ansible.ModuleUtils.Legacy\n'],
] as const

for (const [kind, text] of kinds) {
  test(`moduleKind() tells ${kind} by ${JSON.stringify(text)}`, () => {
    assert.equal(moduleKind(Buffer.from(text, 'utf8')), kind)
  })
}

test('moduleKind() tells a program by bytes that no text has', () => {
  assert.equal(moduleKind(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0])), 'binary')
})
