import { newMap } from '../../../../proto/value.ts'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadInventory } from '../../../../controller/inventory/load-inventory.ts'
import { matchHosts } from '../../../../controller/inventory/match-hosts.ts'
import {
  printGraph,
  printHost,
  printList,
} from '../../../../controller/inventory/print-inventory.ts'
import { Variables } from '../../../../controller/vars/variables.ts'
import { SourceFiles } from '../../../../controller/yaml/source-files.ts'
import { templatesFor, stateOf } from '../vars/language-lab.ts'

/** What a real Ansible says of the same inventories; see record-inventories.ts for how it was asked. */
interface Expected {
  readonly list: string
  readonly export: string
  readonly yaml: string
  readonly graph: string
  readonly graphVars: string
  readonly patterns: Readonly<Record<string, readonly string[]>>
}

const fixtures = join(import.meta.dirname, '../../../fixtures/language')
const cases = JSON.parse(readFileSync(join(fixtures, 'cases.json'), 'utf8')) as Record<
  string,
  { readonly sources: readonly string[] }
>

for (const [name, { sources }] of Object.entries(cases)) {
  const cwd = join(fixtures, 'inventories', name)
  const expected = JSON.parse(readFileSync(join(cwd, 'expected.json'), 'utf8')) as Expected

  test(`loadInventory() reads ${name} as Ansible does`, async () => {
    const options = await load(sources, cwd)
    const json = { ...options, isYaml: false }
    assert.equal(`${printList({ ...json, isExport: false })}\n`, expected.list)
    assert.equal(`${printList({ ...json, isExport: true })}\n`, expected.export)
    assert.equal(
      `${printGraph('all', { ...json, isExport: false, hasVars: false })}\n`,
      expected.graph,
    )
    assert.equal(
      `${printGraph('all', { ...json, isExport: false, hasVars: true })}\n`,
      expected.graphVars,
    )
    assert.equal(`${printList({ ...options, isYaml: true, isExport: false })}\n`, expected.yaml)
  })

  test(`printHost() says of each host of ${name} what the list says of it`, async () => {
    const options = { ...(await load(sources, cwd)), isYaml: false, isExport: false }
    const { _meta: meta } = JSON.parse(expected.list) as {
      readonly _meta: { readonly hostvars: Readonly<Record<string, unknown>> }
    }
    for (const [host, vars] of Object.entries(meta.hostvars)) {
      assert.deepEqual(JSON.parse(printHost(host, options)), vars)
    }
  })

  test(`matchHosts() chooses from ${name} as Ansible does`, async () => {
    const { inventory } = await load(sources, cwd)
    const found = Object.keys(expected.patterns).map((pattern) => [
      pattern,
      matchHosts(inventory, pattern).toSorted(),
    ])
    // ansible-playbook --list-hosts prints a set: in no order.
    const wanted = Object.entries(expected.patterns).map(([pattern, hosts]) => [
      pattern,
      hosts.toSorted(),
    ])
    assert.deepEqual(found, wanted)
  })
}

async function load(sources: readonly string[], cwd: string) {
  const files = new SourceFiles()
  const signal = new AbortController().signal
  const environment = { PATH: '/usr/bin:/bin' }
  const inventory = await loadInventory(sources, { files, cwd, environment, signal })
  const variables = new Variables({
    files,
    templates: templatesFor({ files, inventory, cwd }),
    extraVars: newMap(),
    state: stateOf(inventory, cwd),
  })
  return {
    inventory,
    hostVars: (host: string, isOwn: boolean) =>
      variables.inventoryVars(host, { isOwn, hasPlaybook: false }),
    groupVars: (group: string) => variables.inventoryGroupVars(group, { hasPlaybook: false }),
  }
}
