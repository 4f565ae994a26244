import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Value, newMap } from '../../../proto/value.ts'
import { coreSkipReason, pluginFixtures, pluginLab } from '../../support/python-plugins.ts'

const skip = await coreSkipReason()
const variables = {
  place: 'here',
  text: '{{ place }}',
  ansible_search_path: [join(pluginFixtures, 'needs-core')],
}

const values: readonly (readonly [string, Value])[] = [
  ["{{ 'x' | cored }} {{ 'x' | upper }}", 'x mine x'],
  ["{{ 'x' | from_context }}", ['x', 'here', 'nothing']],
  ["{{ 'x' | rendering }}", '2x'],
  ["{{ 'x' | my.own.named }} {{ 'x' | my.own.older }}", 'named x named x'],
  ["{{ lookup('my.own.found', 'x') }} {{ lookup('my.own.lost', 'x') }}", 'found x found x'],
  ["{{ lookup('cored_lookup', 'size') }}", 4],
  ["{{ lookup('cored_lookup', 'size', size='5') }}", 5],
  [
    "{{ lookup('cored_lookup', 'file:here.txt') }}",
    join(pluginFixtures, 'needs-core/files/here.txt'),
  ],
  ["{{ lookup('cored_lookup', 'render:place') }}", 'here'],
  // What is rendered already is data.
  ["{{ lookup('cored_lookup', text) }}", '{{ place }}'],
  ["{{ lookup('cored_lookup', 'render:text') }}", '{{ place }}'],
  ["{{ lookup('csvfile', 'a file=/dev/null default=none') }}", 'none'],
  ["{{ 'tuple' | made | kind }}", 'tuple'],
  ['{{ nobody | kind }}', 'AnsibleUndefined'],
]

test('plugins that need ansible-core have it', { skip }, async (t) => {
  const { render } = await pluginLab(t, ['plain', 'needs-core'], { hasCore: true })
  for (const [text, expected] of values) assert.deepEqual(render(text, variables), expected, text)
})

const errors: readonly (readonly [string, RegExp])[] = [
  ["{{ 'x' | refusing }}", /^no x$/u],
  ["{{ lookup('cored_lookup', 'refuse') }}", /^refused$/u],
  [
    "{{ lookup('cored_lookup', 'fail') }}",
    /^An unhandled exception occurred while running the lookup plugin 'cored_lookup'\. Error was a <class 'ansible\.errors\.AnsibleError'>, original message: failed\. failed$/u,
  ],
  ["{{ lookup('cored_lookup', 'undefined') }}", /'nobody' is undefined/u],
  ["{{ 'x' | nobodys }}", /no filter named 'nobodys'/u],
  ["{{ 'x' | my.own.nothing }}", /no filter named 'my\.own\.nothing'/u],
  ["{{ 'x' is nobodys }}", /no test named 'nobodys'/u],
]

test('what plugins of ansible-core raise is told as Ansible tells it', { skip }, async (t) => {
  const { render, warnings } = await pluginLab(t, ['plain', 'needs-core'], { hasCore: true })
  for (const [text, expected] of errors)
    assert.throws(() => render(text), { message: expected }, text)
  assert.match(warnings[0] ?? '', /^Skipping plugin \(.*broken\.py\), cannot load: it was never/u)
})

test('a folder that is put in later counts from then on', { skip }, async (t) => {
  const { plugins } = await pluginLab(t, ['needs-core'], { hasCore: true })
  assert.equal(plugins.overrides('filter', 'cored'), true)
  assert.equal(plugins.missing('filter', 'kept'), "'kept'")
  assert.equal(plugins.addFolder(join(pluginFixtures, 'plain')), true)
  assert.equal(plugins.missing('filter', 'kept'), undefined)
  assert.equal(plugins.overrides('filter', 'upper'), true)
  assert.equal(plugins.overrides('filter', 'ansible.builtin.upper'), false)
})

test('a plugin reads hostvars host by host and name by name', { skip }, async (t) => {
  const { plugins } = await pluginLab(t, ['needs-core'], { hasCore: true })
  const scope = {
    resolve: (name: string) =>
      name === 'hostvars'
        ? newMap([
            ['h1', newMap([['port', 80]])],
            ['h2', newMap()],
          ])
        : newMap(),
  }
  const args = { positional: [], named: new Map() }
  const read = plugins.call({ kind: 'filter', name: 'ports_of', input: 'h1', args, scope })
  assert.deepEqual(read, [['h1', 'h2'], true, 80, false, ['port'], null])
})

test('lookup() sees all variables, and may change its own copy of them', { skip }, async (t) => {
  const { plugins } = await pluginLab(t, [], { hasCore: true })
  assert.equal(plugins.hasLookup('varnames'), true)
  const scope = {
    resolve: (name: string) =>
      name === 'vars'
        ? newMap([
            ['one_a', 1],
            ['two', 2],
            ['one_b', 3],
          ])
        : 1,
  }
  assert.deepEqual(plugins.lookup('varnames', ['^one_'], newMap(), scope), ['one_a', 'one_b'])
})
