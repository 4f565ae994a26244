import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildName, compareBuild } from '../../../../../controller/fleet/upgrade/compare-build.ts'

test('compareBuild() goes by the bundle, then by the version', () => {
  const own = { version: '0.10.0', bundleHash: 'aa' }
  const cases = [
    ['0.10.0', 'aa', 'current'],
    ['0.9.0', 'aa', 'current'],
    ['0.10.0', 'bb', 'other'],
    ['0.9.9', 'bb', 'older'],
    ['0.10.0-rc.1', 'bb', 'older'],
    ['', '', 'older'],
    ['0.10.1', 'bb', 'newer'],
    ['1.0.0', 'bb', 'newer'],
  ] as const
  for (const [version, bundleHash, age] of cases) {
    assert.equal(compareBuild({ version, bundleHash }, own), age, version)
  }
  const early = { version: '0.10.0-rc.2', bundleHash: 'cc' }
  assert.equal(compareBuild({ version: '0.10.0-rc.1', bundleHash: 'bb' }, early), 'older')
  assert.equal(compareBuild({ version: '0.10.0', bundleHash: 'bb' }, early), 'newer')
})

test('buildName() tells builds of one version apart', () => {
  assert.equal(buildName({ version: '0.1.0', bundleHash: '0123456789abcdef' }), '0.1.0 (01234567)')
})
