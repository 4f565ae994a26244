import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { newMap } from '../../../../proto/value.ts'
import type { ValueMap } from '../../../../proto/value.ts'
import { loadInventory } from '../../../../controller/inventory/load-inventory.ts'
import { precedence } from '../../../../controller/vars/precedence.ts'
import { Variables } from '../../../../controller/vars/variables.ts'
import { parseExtraVars } from '../../../../controller/vars/extra-vars.ts'
import { SourceFiles } from '../../../../controller/yaml/source-files.ts'
import { loaderFor, stateOf, tasksOf, templatesFor } from './language-lab.ts'

/**
 * In the fixture each step defines ansible_v1 … ansible_v21, but only those from its own number on: so each variable
 * shows the highest step that has it. Ansible 2.14.18 runs its site.yml and says the same.
 */
const root = join(import.meta.dirname, '../../../fixtures/language/precedence')

for (const { step, name } of precedence) {
  test(`Variables step ${step}, ${name}, wins over those below it`, async () => {
    const scope = await innermostScope()
    assert.equal(scope.resolve(`ansible_v${step}`), String(step))
  })
}

test('precedence has each step once, in order', () => {
  assert.deepEqual(
    precedence.map(({ step }) => step),
    Array.from({ length: 21 }, (_unused, index) => index + 1),
  )
})

test('Variables step 20 is set by what an include was given on the way, too', async () => {
  const scope = await innermostScope(newMap([['ansible_v20', 'locals']]))
  assert.equal(scope.resolve('ansible_v20'), 'locals')
  assert.equal(scope.resolve('ansible_v21'), '21')
})

async function innermostScope(includeParams: ValueMap = newMap()) {
  const files = new SourceFiles()
  const signal = new AbortController().signal
  const options = { files, cwd: root, environment: {}, signal }
  const inventory = await loadInventory(['inventory/hosts'], options)
  const loader = loaderFor(files, { modules: ['learn'] })
  const [play] = loader.loadPlaybook(join(root, 'site.yml')).plays
  assert.ok(play)
  const include = tasksOf(play).find((task) => task.name === 'include params')
  assert.ok(include)
  const [block] = loader.loadTaskFile('inner.yml', include, include.role)
  assert.ok(block?.kind === 'block' && block.block[0]?.kind === 'block')
  const task = block.block[0].block[0]
  assert.ok(task?.kind === 'task')
  const variables = new Variables({
    files,
    templates: templatesFor({ files, inventory, cwd: root }),
    extraVars: parseExtraVars(['@extra-21.yml'], { cwd: root, files }),
    state: stateOf(inventory, root, {
      h: {
        facts: from(10, 'ansible_v'),
        hasGathered: false,
        set: from(18, 'ansible_v'),
        included: from(17, 'ansible_v'),
      },
    }),
  })
  variables.answerPrompts(play, from(12, 'ansible_v'))
  return variables.scope({ host: 'h', play, task, locals: { data: newMap(), includeParams } })
}

function from(step: number, prefix: string) {
  const map = newMap()
  for (let index = step; index <= 21; index++) map.set(`${prefix}${index}`, String(step))
  return map
}
