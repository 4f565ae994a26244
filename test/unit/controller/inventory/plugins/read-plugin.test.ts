import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import {
  loadInventory,
  type InventoryOptions,
} from '../../../../../controller/inventory/load-inventory.ts'
import { SourceFiles } from '../../../../../controller/yaml/source-files.ts'
import { newMap } from '../../../../../proto/value.ts'
import { plain } from '../../../../support/plain.ts'
import { writeTree } from '../../vars/language-lab.ts'

const hosts = 'web1 env=prod n=1\nweb2 env=dev n=2\n[web]\nweb1\nweb2\n[web:vars]\nrole=front\n'

/** The inventory of two sources, `hosts` and then a plugin's options, and what was warned of. */
async function load(t: TestContext, plugin: string, more: Partial<InventoryOptions> = {}) {
  const cwd = writeTree(t, { hosts, 'plugin.yml': plugin })
  const warnings: string[] = []
  const files = new SourceFiles({ onWarning: (message) => warnings.push(message) })
  const signal = new AbortController().signal
  const options = { files, cwd, environment: {}, signal, ...more }
  const inventory = await loadInventory(['hosts', 'plugin.yml'], options)
  return { inventory, warnings: warnings.join('\n') }
}

function groupsOf({ inventory }: Awaited<ReturnType<typeof load>>): unknown {
  const groups = [...inventory.groups.values()].filter(({ name }) => !known.has(name))
  return Object.fromEntries(groups.map(({ name, hosts: members }) => [name, members]))
}

const known = new Set(['all', 'ungrouped', 'web'])

test('readPlugin() constructs variables from those of a host and its groups', async (t) => {
  const { inventory } = await load(
    t,
    `plugin: constructed
compose:
  both: env ~ '-' ~ role
  sum: n + 1
  missing: nothing | upper
`,
  )
  const vars = plain(inventory.hosts.get('web1')?.vars ?? newMap())
  assert.deepEqual(vars, { env: 'prod', n: 1, both: 'prod-front', sum: '2' })
})

test('readPlugin() puts hosts into groups by conditions, whose names a variable may have', async (t) => {
  const loaded = await load(
    t,
    `plugin: ansible.builtin.constructed
groups:
  "in-prod": env == 'prod'
  late: n > 1
  broken: nothing.x
`,
  )
  assert.deepEqual(groupsOf(loaded), { in_prod: ['web1'], late: ['web2'] })
})

/** One entry of keyed_groups, and the groups that it makes. */
const keyed: readonly (readonly [string, object])[] = [
  ['key: env', { _prod: ['web1'], _dev: ['web2'] }],
  ['key: env, prefix: e, separator: "-"', { e_prod: ['web1'], e_dev: ['web2'] }],
  [
    'key: "[env, role]", prefix: x',
    { x_prod: ['web1'], x_front: ['web1', 'web2'], x_dev: ['web2'] },
  ],
  [`key: "{'a': ''}", prefix: m`, { m_a_: ['web1', 'web2'] }],
  [`key: "{'a': ''}", prefix: m, trailing_separator: false`, { m_a: ['web1', 'web2'] }],
  [`key: "{'a': ''}", prefix: m, default_value: no`, { m_a_False: ['web1', 'web2'] }],
  [
    'key: role, prefix: r, parent_group: "all_{{ env }}"',
    { r_front: ['web1', 'web2'], all_prod: ['web1', 'web2'], all_dev: ['web1', 'web2'] },
  ],
]

for (const [entry, expected] of keyed) {
  test(`readPlugin() makes the groups of {${entry}}`, async (t) => {
    const loaded = await load(t, `plugin: constructed\nkeyed_groups:\n  - {${entry}}\n`)
    assert.deepEqual(groupsOf(loaded), expected)
  })
}

test('readPlugin() leaves out the leading separator where it is told to', async (t) => {
  const loaded = await load(
    t,
    'plugin: constructed\nleading_separator: false\nkeyed_groups: [{key: env}]\n',
  )
  assert.deepEqual(groupsOf(loaded), { prod: ['web1'], dev: ['web2'] })
})

/** Options that cannot be, and what is warned of. */
const refused: readonly (readonly [string, RegExp])[] = [
  ['plugin: nobodys', /specifies unknown plugin 'nobodys'/u],
  ['plugin: constructed\ncompose: [a]', /Invalid type provided for "dictionary": \['a'\]/u],
  [
    'plugin: constructed\nstrict: true\ncompose: {x: nope}',
    /Could not set x for host web1: 'nope' is undefined/u,
  ],
  ['plugin: constructed\nstrict: true\ngroups: {x: nope}', /Could not add host web1 to group x/u],
  ['plugin: constructed\nkeyed_groups: [env]', /it must be a dictionary: env/u],
  [
    'plugin: constructed\nkeyed_groups: [{key: n}]',
    /a list of them or dictionary, got: <class 'int'>/u,
  ],
  [
    'plugin: constructed\nkeyed_groups: [{key: env, default_value: x, trailing_separator: true}]',
    /mutually exclusive/u,
  ],
  ['plugin: generator\nlayers: {n: [1]}', /'hosts' must be a mapping/u],
]

for (const [text, said] of refused) {
  test(`readPlugin() says what is wrong with ${JSON.stringify(text)}`, async (t) => {
    const { warnings } = await load(t, text)
    assert.match(warnings, said)
    assert.match(warnings, /Unable to parse .*plugin.yml as an inventory source/u)
  })
}

test('readPlugin() sees extra variables and vars folders only where it is told to', async (t) => {
  const around = {
    extraVars: () => newMap([['given', 'E']]),
    factsOf: () => newMap([['fact', 'F']]),
    varsBeside: (kind: string, name: string) => newMap([[`beside_${kind}`, name]]),
  }
  const compose = `compose: {extra: given, host: beside_host, fact: fact}\n`
  const without = await load(t, `plugin: constructed\n${compose}`, { around })
  const vars = plain(without.inventory.hosts.get('web1')?.vars ?? newMap())
  assert.deepEqual(vars, { env: 'prod', n: 1, fact: 'F' })
  const both = 'use_extra_vars: true\nuse_vars_plugins: true\n'
  const all = await load(t, `plugin: constructed\n${both}${compose}`, { around })
  const seen = plain(all.inventory.hosts.get('web1')?.vars ?? newMap())
  assert.deepEqual(seen, { env: 'prod', n: 1, extra: 'E', host: 'web1', fact: 'F' })
})

test('readPlugin() generates a host for each combination of layers, and groups above', async (t) => {
  const loaded = await load(
    t,
    `plugin: generator
hosts:
  name: "{{ app }}-{{ env }}"
  parents:
    - name: "{{ app }}"
      vars: {what: "{{ app }}"}
      parents: [{name: "apps"}]
layers:
  app: [db, api]
  env: [dev, test]
`,
  )
  assert.deepEqual(groupsOf(loaded), {
    db: ['db-dev', 'db-test'],
    apps: ['db-dev', 'db-test', 'api-dev', 'api-test'],
    api: ['api-dev', 'api-test'],
  })
  assert.equal(loaded.inventory.groups.get('api')?.vars.get('what'), 'api')
})

test('loadInventory() asks only those readers that are enabled', async (t) => {
  const { inventory, warnings } = await load(t, 'plugin: generator\n', {
    enabled: ['nobody', 'ini'],
  })
  assert.deepEqual([...inventory.hosts.keys()], ['web1', 'web2'])
  assert.match(warnings, /Failed to load inventory plugin, skipping nobody/u)
  await assert.rejects(load(t, '', { enabled: ['nobody'] }), /No inventory plugins available/u)
})

test('loadInventory() reads ranges in a list of hosts where advanced_host_list is enabled', async (t) => {
  const cwd = writeTree(t, {})
  const options = {
    files: new SourceFiles(),
    cwd,
    environment: {},
    signal: new AbortController().signal,
  }
  const plainly = await loadInventory(['web[1:2],'], options)
  assert.deepEqual([...plainly.hosts.keys()], ['web[1:2]'])
  const ranged = await loadInventory(['web[1:2],'], { ...options, enabled: ['advanced_host_list'] })
  assert.deepEqual([...ranged.hosts.keys()], ['web1', 'web2'])
})

test('loadInventory() refuses sources that cannot be read where it is told to', async (t) => {
  const refusal = { refusal: 'any' } as const
  await assert.rejects(
    load(t, 'plugin: nobodys', refusal),
    /Completely failed to parse inventory source/u,
  )
})
