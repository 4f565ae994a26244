import type { ModuleKind } from '../run/ports.ts'

/** How a module's file wants to be run, told from its content as ansible-core does. */
export function moduleKind(content: Uint8Array): ModuleKind {
  if (isBinary(content.subarray(0, 1024))) return 'binary'
  const text = Buffer.from(content).toString('latin1')
  if (text.includes('#<<INCLUDE_ANSIBLE_MODULE_COMMON>>') || newPython.test(text)) return 'python'
  if (powershell.some((mark) => mark.test(text))) return 'powershell'
  if (text.includes(jsonArgsMark)) return 'json_args'
  return text.includes('WANT_JSON') ? 'want_json' : 'old'
}

/** Stands in the module's text where its arguments are to be. */
export const jsonArgsMark = '<<INCLUDE_ANSIBLE_MODULE_JSON_ARGS>>'

/** It imports what ansible-core brings along: from `ansible.module_utils`, or from a collection's. */
const newPython =
  /^\s*(?:from\s+(?:ansible\.module_utils|ansible_collections\.[^.\s]+\.[^.\s]+\.plugins\.module_utils|\.\S*module_utils)|import\s+(?:ansible\.module_utils|ansible_collections\.[^.\s]+\.[^.\s]+\.plugins\.module_utils)|from\s+\.\S*\s+import)/mu

const powershell = [
  /# POWERSHELL_COMMON/u,
  /#Requires -(?:Module|Version)/iu,
  /#AnsibleRequires -(?:OSVersion|Powershell|CSharpUtil)/iu,
]

/** Bytes that no text has. */
function isBinary(start: Uint8Array): boolean {
  return start.some((byte) => byte < 7 || (byte > 13 && byte < 32 && byte !== 27) || byte === 127)
}
