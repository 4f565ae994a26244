import assert from 'node:assert/strict'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { plain } from '../../../support/plain.ts'
import type { TestContext } from 'node:test'
import fc from '../../../support/properties.ts'
import { expandHosts } from '../../../../controller/inventory/host-range.ts'
import { InventoryBuilder } from '../../../../controller/inventory/inventory-builder.ts'
import { loadInventory } from '../../../../controller/inventory/load-inventory.ts'
import { readIni } from '../../../../controller/inventory/read-ini.ts'
import { SourceFiles } from '../../../../controller/yaml/source-files.ts'
import { writeTree } from '../vars/language-lab.ts'

function load(cwd: string, ...sources: readonly string[]) {
  const signal = new AbortController().signal
  const environment = { PATH: '/usr/bin:/bin' }
  return loadInventory(sources, { files: new SourceFiles(), cwd, environment, signal })
}

/** What is said of sources that cannot be read; they are left out. */
async function refusal(cwd: string, ...sources: readonly string[]): Promise<string> {
  const said: string[] = []
  const files = new SourceFiles({ onWarning: (message) => said.push(message) })
  const signal = new AbortController().signal
  const environment = { PATH: '/usr/bin:/bin' }
  const inventory = await loadInventory(sources, { files, cwd, environment, signal })
  assert.deepEqual([...inventory.hosts.keys()], [])
  return said.join('\n')
}

/** Mistakes in INI inventories, and what is said of them. */
const mistakes: readonly (readonly [string, RegExp])[] = [
  ['[web\nh', /hosts:1:1: .*\[web/u],
  ['[a b]', /hosts:1:1: Invalid section entry: '\[a b\]'/u],
  ['[g:thing]', /hosts:1:1: Section \[g:thing\] has unknown type: thing/u],
  ['[g:vars]\nx=1', /hosts:1:1: Section \[g:vars\] not valid for undefined group: g/u],
  ['[p:children]\nkid', /hosts:2:1: Section \[p:children\] includes undefined group: kid/u],
  ['[g]\nh\n[g:vars]\nx', /hosts:4:1: Expected key=value, got: x/u],
  ['h word', /hosts:1:1: Expected key=value host variable assignment, got: word/u],
  ['h x="open', /hosts:1:1: Error parsing host definition 'h x="open': No closing quotation/u],
  ['h[1:]', /host range must specify end value/u],
  ['h[z:a]', /host range must have begin <= end/u],
  ['h[01:100]', /host range must specify equal-length/u],
  ['[a]\n[b]\n[a:children]\nb\n[b:children]\na', /recursive dependency loop/u],
]

for (const [text, said] of mistakes) {
  test(`loadInventory() says what is wrong with ${JSON.stringify(text)}`, async (t) => {
    const root = writeTree(t, { hosts: text })
    const warnings = await refusal(root, 'hosts')
    assert.match(warnings, said)
    assert.match(warnings, /Unable to parse .*hosts as an inventory source/u)
  })
}

test('loadInventory() tells every mistake of a file at once', async (t) => {
  const root = writeTree(t, { hosts: 'a x\nb y\n' })
  assert.match(await refusal(root, 'hosts'), /hosts:1:1: [^]*hosts:2:1: /u)
})

test('loadInventory() says which source is not there', async (t) => {
  const root = writeTree(t, {})
  const said = await refusal(root, 'gone.ini')
  assert.equal(said, `Unable to parse ${root}/gone.ini as an inventory source`)
})

test('loadInventory() keeps nothing of a source that cannot be read, and all of the others', async (t) => {
  const root = writeTree(t, { bad: '[web]\nweb1\n[db:childs]\nx\n', good: '[db]\ndb1\n' })
  const { hosts, groups } = await load(root, 'bad', 'good')
  assert.deepEqual([...hosts.keys()], ['db1'])
  assert.deepEqual([...groups.keys()], ['all', 'ungrouped', 'db'])
})

test('loadInventory() reads INI from a file with a name of YAML', async (t) => {
  const root = writeTree(t, { 'hosts.yaml': 'web1 port=80\n[db]\ndb1\n', 'one.yml': 'single\n' })
  const { hosts } = await load(root, 'hosts.yaml', 'one.yml')
  assert.deepEqual([...hosts.keys()].toSorted(), ['db1', 'single', 'web1'])
})

test('loadInventory() places mistakes of YAML inventories', async (t) => {
  const root = writeTree(t, { 'hosts.yml': 'all:\n  hosts: [a, b]\n' })
  assert.match(
    await refusal(root, 'hosts.yml'),
    /hosts\.yml:2:10: Invalid "hosts" entry for "all" group, requires a dictionary/u,
  )
})

async function script(t: TestContext, text: string) {
  const root = writeTree(t, { inv: text })
  chmodSync(join(root, 'inv'), 0o755)
  return refusal(root, 'inv')
}

test('loadInventory() says what an inventory script did wrong', async (t) => {
  assert.match(
    await script(t, '#!/bin/sh\necho broken >&2; exit 3\n'),
    /inv --list failed: broken/u,
  )
  assert.match(await script(t, '#!/bin/sh\necho no json\n'), /did not answer with JSON/u)
  assert.match(await script(t, '#!/bin/sh\necho []\n'), /must answer with a JSON object/u)
})

test('loadInventory() stops a script when asked to', async (t) => {
  const root = writeTree(t, { inv: '#!/bin/sh\nexec sleep 600\n' })
  chmodSync(join(root, 'inv'), 0o755)
  const stop = new AbortController()
  const options = { files: new SourceFiles(), cwd: root, environment: { PATH: '/bin' } }
  const loading = loadInventory(['inv'], { ...options, signal: stop.signal })
  stop.abort()
  await assert.rejects(loading, { name: 'AbortError' })
})

test('expandHosts() gives as many names as the range has, all different', () => {
  const range = fc.record({
    start: fc.nat(200),
    count: fc.integer({ min: 1, max: 60 }),
    step: fc.integer({ min: 1, max: 5 }),
  })
  fc.assert(
    fc.property(range, ({ start, count, step }) => {
      const end = start + (count - 1) * step
      const { names } = expandHosts(`h[${start}:${end}:${step}].x`)
      assert.equal(new Set(names).size, count)
      assert.equal(names[0], `h${start}.x`)
      assert.equal(names.at(-1), `h${end}.x`)
    }),
  )
})

test('readIni() reads back what it is told of names and values', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/u)
  const value = fc.stringMatching(/^[a-z][a-z0-9 ]{0,8}[a-z]$/u)
  const host = fc.dictionary(name, value, { maxKeys: 4 })
  fc.assert(
    fc.property(fc.dictionary(name, host, { maxKeys: 6 }), (hosts) => {
      const lines = Object.entries(hosts).map(([host, vars]) => {
        return [host, ...Object.entries(vars).map(([key, text]) => `${key}="${text}"`)].join(' ')
      })
      const builder = new InventoryBuilder([])
      readIni(lines.join('\n'), 'hosts', builder)
      const found = [...builder.finish().hosts.values()].map((one) => [one.name, plain(one.vars)])
      assert.deepEqual(
        Object.fromEntries(found),
        Object.fromEntries(Object.entries(hosts).map(([key, vars]) => [key, { ...vars }])),
      )
    }),
  )
})
