import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { violations } from './layers.ts'

test('violations() there are none', () => {
  assert.deepEqual(violations(join(import.meta.dirname, '../../..')), [])
})

const planted: readonly (readonly [string, string])[] = [
  ['agent/main.ts', `import { x } from '../controller/x.ts'`],
  ['controller/cli/x.ts', `import { y } from '../run/y.ts'`],
  ['controller/fleet/x.ts', `export * from '../run/play.ts'`],
  ['controller/run/x.ts', `const late = await import('../fleet/agents.ts')`],
  ['proto/x.ts', `import type { y } from '../agent/y.ts'`],
  ['controller/template/x.ts', `import {\n  y,\n} from '../vars/y.ts'`],
]

for (const [file, text] of planted) {
  test(`violations() sees ${text.replaceAll(/\s+/gu, ' ')} in ${file}`, (t) => {
    const root = mkdtempSync(join(tmpdir(), 'errand-layers-'))
    t.after(() => {
      rmSync(root, { recursive: true })
    })
    for (const folder of ['proto', 'agent', 'controller']) mkdirSync(join(root, folder))
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
    assert.equal(violations(root).length, 1)
  })
}
