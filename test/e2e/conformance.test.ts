import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadCases, readExpected } from '../conformance/case.ts'
import { differences } from '../conformance/compare.ts'
import { readKnownUnequal } from '../conformance/known-unequal.ts'
import { installAgents, play, stopController } from '../conformance/play.ts'
import { Stage } from '../conformance/stage.ts'
import { Lab } from '../support/lab.ts'

// Modules that errand has not itself are packed by an ansible-core.
const skip = Lab.skipReason({ packages: ['ansible-core'] })

test('errand run answers as the recorded ansible-playbook did', { skip }, async (t) => {
  await using stage = await Stage.open()
  await installAgents(stage)
  const known = await readKnownUnequal()
  for (const entry of await loadCases()) {
    const name = `${entry.chapter}/${entry.name}`
    await t.test(name, async () => {
      const expected = await readExpected(entry)
      assert(expected !== undefined, 'never recorded: npm run conformance -- --record --missing')
      const found = differences(expected, await play(entry, 'errand', stage))
      if (known.has(name)) {
        assert(found.length > 0, 'equal now: take it out of known-unequal.txt')
      } else {
        assert(found.length === 0, found.join('\n'))
      }
    })
  }
  await stopController(stage)
})

test('known-unequal.txt names only cases that there are', async () => {
  const names = new Set((await loadCases()).map((entry) => `${entry.chapter}/${entry.name}`))
  for (const name of (await readKnownUnequal()).keys()) assert(names.has(name), name)
})
