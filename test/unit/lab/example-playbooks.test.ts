import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'

const PLAYBOOKS = join(import.meta.dirname, '../../../deploy/example/playbooks')

// These came to the project from outside and must run as they stand: not a byte of them may change.
const SUMS: Readonly<Record<string, string>> = {
  '1-poll.yml': 'bdd91016ec954e8ab84a89f05d00ebdc3c91487a9e6111afe36d2e9c9d7b6eb3',
  '2-fire-and-check.yml': '81f86ff4fc7d02ac3d2a30bd16e6802572caf34e3810fcd38ab39046906b81da',
  '3-default-poll.yml': 'a50b5744a9a4635562704054bff6c91d8f688ffa906ce6aa643dc1dd7519d0cd',
  '4-poll-30.yml': 'b6a8e89864f884eb8b16b134adf177ee26decc8799d18692b1c13598a1bf7f57',
  '5-parallel.yml': '4a0f5c091f958be3746e35334f7feb7b61485adf32967c9730016b7554ca03f0',
  '6-check-later.yml': 'b12bf90ee8f315ecf2461790df06b688a6ef6542d3df7498b4ec0d927382759e',
}

for (const [name, sum] of Object.entries(SUMS)) {
  test(`${name} of the example is what it was`, async () => {
    const text = await readFile(join(PLAYBOOKS, name))
    assert.equal(createHash('sha256').update(text).digest('hex'), sum)
  })
}
