import assert from 'node:assert/strict'
import { mkdtempDisposableSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pino } from 'pino'
import { AnsibleCores } from '../../../../controller/packer/ansible-cores.ts'
import { Packer } from '../../../../controller/packer/packer.ts'

test('open() looks once for an ansible-core that is not there, and again when a folder of the PATH has changed', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'errand-packer-'))
  let looks = 0
  const findCore = () => {
    looks += 1
    return Promise.resolve(undefined)
  }
  const log = pino({ level: 'silent' })
  const packer = new Packer({
    dir: join(folder.path, 'modules'),
    cores: new AnsibleCores(findCore),
    log,
  })
  const path = `/nowhere:${folder.path}`
  const places = { folders: [], moduleUtils: [], collections: [], path, home: folder.path }
  const { signal } = new AbortController()
  await packer.open(places, { signal })
  await packer.open(places, { signal })
  assert.equal(looks, 1)
  utimesSync(folder.path, 1, 1)
  await packer.open(places, { signal })
  assert.equal(looks, 2)
})
