import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkArguments, readBool, textOf } from '../../../../controller/modules/arguments.ts'
import { findModule } from '../../../../controller/modules/registry.ts'
import type { ModuleDefinition } from '../../../../controller/modules/module.ts'
import { stringifyJson } from '../../../../proto/json-text.ts'
import { newMap, mapOf } from '../../../../proto/value.ts'
import type { ValueMap } from '../../../../proto/value.ts'

function moduleOf(name: string): ModuleDefinition {
  const module = findModule(name)
  assert.ok(module)
  return module
}

test('checkArguments() converts by type, resolves aliases and fills in defaults', () => {
  const args = checkArguments(moduleOf('stat'), mapOf({ dest: '/tmp', follow: 'yes' }), 'stat')
  assert.equal(args.get('path'), '/tmp')
  assert.equal(args.get('follow'), true)
  assert.equal(args.get('checksum_algorithm'), 'sha1')
})

const refused: readonly (readonly [string, ValueMap, RegExp])[] = [
  ['stat', newMap(), /^missing required arguments: path$/u],
  ['stat', mapOf({ pth: 'x' }), /^missing required arguments: path$/u],
  [
    'command',
    mapOf({ cmd: 'x', nonsense: 1 }),
    /^Unsupported parameters for \(ansible\.legacy\.command\) module: nonsense\. Supported parameters include: _raw_params, _uses_shell, argv, chdir, creates, executable, removes, stdin, stdin_add_newline, strip_empty_ends\.$/u,
  ],
  [
    'file',
    mapOf({ path: 'x', colour: 1 }),
    /^Unsupported parameters for \(file\) module: colour\..*unsafe_writes \(attr, dest, name\)\.$/u,
  ],
  [
    'wait_for',
    mapOf({ port: 'many' }),
    /^argument 'port' is of type <class 'str'> and we were unable to convert to int: <class 'str'> cannot be converted to an int$/u,
  ],
  [
    'file',
    mapOf({ path: 'x', state: 'gone' }),
    /^value of state must be one of: absent, directory, file, hard, link, touch, got: gone$/u,
  ],
]
for (const [module, args, sentence] of refused) {
  test(`checkArguments() refuses ${module} ${stringifyJson(args)}`, () => {
    assert.throws(() => checkArguments(moduleOf(module), args, module), {
      code: 'invalid',
      message: sentence,
    })
  })
}

test('readBool() knows the words of Ansible', () => {
  for (const word of ['yes', 'On', '1', 'TRUE', 't', 'y', 1]) assert.equal(readBool(word), true)
  for (const word of ['no', 'off', '0', 'False', 'f', 'n', 0]) assert.equal(readBool(word), false)
  assert.equal(readBool('perhaps'), undefined)
})

test('textOf() writes values as Python does', () => {
  assert.equal(textOf(true), 'True')
  assert.equal(textOf([1, 'a', null]), "[1, 'a', None]")
})
