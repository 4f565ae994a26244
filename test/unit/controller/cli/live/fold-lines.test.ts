import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from '../../../../support/properties.ts'
import { foldLines, type HostLine } from '../../../../../controller/cli/live/fold-lines.ts'

test('foldLines() makes one of what hosts print alike, each host at its own pace', () => {
  const lines = said(
    ['a', 'one'],
    ['b', 'one'],
    ['a', 'two'],
    ['c', 'one'],
    ['c', 'two'],
    ['b', 'two'],
  )
  assert.deepEqual(folded(lines), ['a,b,c one', 'a,b,c two'])
})

test('foldLines() waits with a line for hosts that come to it later', () => {
  const lines = said(['a', 'same'], ['b', 'first'], ['a', 'end'], ['b', 'same'], ['b', 'end'])
  assert.deepEqual(folded(lines), ['b first', 'a,b same', 'a,b end'])
})

test('foldLines() tells apart lines of another kind', () => {
  const lines = [
    { host: 'a', kind: 'stdout', text: 'x' },
    { host: 'b', kind: 'stderr', text: 'x' },
  ]
  assert.equal(foldLines(lines).length, 2)
})

test('foldLines() keeps every line of every host, in its order', () => {
  const line = fc.record({
    host: fc.constantFrom('a', 'b', 'c', 'd'),
    kind: fc.constantFrom('stdout', 'stderr'),
    text: fc.constantFrom('1', '2', '3'),
  })
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
      const result = foldLines(lines)
      for (const host of ['a', 'b', 'c', 'd']) {
        const before = lines.filter((one) => one.host === host).map(({ kind, text }) => kind + text)
        const after = result.filter(({ hosts }) => hosts.includes(host))
        assert.deepEqual(
          after.map(({ kind, text }) => kind + text),
          before,
        )
      }
      assert.ok(result.every(({ hosts }) => new Set(hosts).size === hosts.length))
    }),
  )
})

function said(...lines: readonly (readonly [string, string])[]): readonly HostLine[] {
  return lines.map(([host, text]) => ({ host, kind: 'stdout', text }))
}

function folded(lines: readonly HostLine[]): readonly string[] {
  return foldLines(lines).map(({ hosts, text }) => `${hosts.toSorted().join(',')} ${text}`)
}
