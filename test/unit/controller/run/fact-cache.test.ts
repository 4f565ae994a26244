import assert from 'node:assert/strict'
import {
  mkdtempDisposableSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openFactCache } from '../../../../controller/run/fact-cache.ts'
import { mapOf } from '../../../../proto/value.ts'
import { plain } from '../../../support/plain.ts'

function opened(given: { folder?: string; plugin?: string; prefix?: string; timeout?: number }) {
  const warnings: string[] = []
  const cache = openFactCache({
    config: {
      factCaching: given.plugin ?? 'jsonfile',
      factCachingConnection: given.folder,
      factCachingPrefix: given.prefix ?? '',
      factCachingTimeoutSeconds: given.timeout ?? 60,
    },
    nowMs: () => 100_000_000,
    onWarning: (text) => warnings.push(text),
  })
  return { cache, warnings }
}

test('a fact cache writes what Ansible writes, for its owner alone, and reads it', () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'errand-cache-'))
  const { cache } = opened({ folder: join(folder.path, 'deep/cache'), prefix: 'site_' })
  cache?.store('h', mapOf({ b: ['é'], ansible_a: 1 }))
  const file = join(folder.path, 'deep/cache/site_h')
  const text = '{\n    "ansible_a": 1,\n    "b": [\n        "\\u00e9"\n    ]\n}'
  assert.equal(readFileSync(file, 'utf8'), text)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.deepEqual(readdirSync(join(folder.path, 'deep/cache')), ['site_h'])
  utimesSync(file, 99_990, 99_990)
  assert.deepEqual(plain(cache?.load('h')), { ansible_a: 1, b: ['é'] })
  assert.equal(opened({ folder: join(folder.path, 'deep/cache') }).cache?.load('h'), undefined)
  cache?.forget('h')
  assert.equal(cache?.load('h'), undefined)
})

test('a fact cache gives nothing that is too old, and takes marks of text away', () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'errand-cache-'))
  const file = join(folder.path, 'h')
  writeFileSync(file, '{"a": {"__ansible_unsafe": "{{ x }}"}}')
  utimesSync(file, 99_939, 99_939)
  assert.equal(opened({ folder: folder.path }).cache?.load('h'), undefined)
  const forEver = opened({ folder: folder.path, timeout: 0 }).cache
  assert.deepEqual(plain(forEver?.load('h')), { a: '{{ x }}' })
})

test('a fact cache removes a file that is damaged, and says so', () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'errand-cache-'))
  writeFileSync(join(folder.path, 'h'), '{"a": ')
  const { cache } = opened({ folder: folder.path, timeout: 0 })
  assert.throws(() => cache?.load('h'), { code: 'invalid', message: /was corrupt/u })
  assert.equal(cache?.load('h'), undefined)
})

test('openFactCache() warns of what errand does not have, and of a folder that cannot be', () => {
  assert.deepEqual(opened({ plugin: 'memory' }), { cache: undefined, warnings: [] })
  assert.deepEqual(opened({ plugin: 'redis' }).warnings, [
    'errand has the fact caches jsonfile and memory, not redis: memory is used',
  ])
  assert.match(opened({}).warnings[0] ?? '', /requires fact_caching_connection/u)
  assert.match(opened({ folder: '/dev/null/x' }).warnings[0] ?? '', /cannot be used, so memory is/u)
})
