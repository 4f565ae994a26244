import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hostPattern } from '../../../../../controller/cli/live/host-pattern.ts'

const web = (count: number, step = 1) =>
  Array.from({ length: count }, (_, index) => `web${(index + 1) * step}`)

const cases: readonly (readonly [readonly string[], string])[] = [
  [['web1'], 'web1'],
  [['b', 'a'], 'a,b'],
  [['web2', 'web1', 'web10'], 'web[1-2,10]'],
  [web(40), 'web[1-40]'],
  [['web01', 'web02', 'web1'], 'web1,web[01-02]'],
  [['web09', 'web10', 'web11'], 'web[10-11],web09'],
  [['web1.dc1', 'web1.dc2', 'web2.dc1'], 'web1.dc2,web[1-2].dc1'],
  [['10.0.0.1', '10.0.0.2', '10.0.1.2'], '10.0.0.[1-2],10.0.1.2'],
  [['db1', 'mail', 'db2'], 'db[1-2],mail'],
]

for (const [names, pattern] of cases) {
  test(`hostPattern() of ${names.length} names is ${pattern}, in any order`, () => {
    assert.deepEqual(sorted(hostPattern(names)), sorted(pattern))
    assert.equal(hostPattern(names.toReversed()), hostPattern(names))
  })
}

test('hostPattern() of many names without a pattern says how many they are', () => {
  const text = hostPattern(web(60, 2))
  assert.match(text, /^web\[2,4,6,.*… \(60 hosts\)$/u)
  assert.ok(text.length < 120)
})

/** Which of two equally good groups is taken, and the order of the parts, does not matter. */
function sorted(text: string): readonly string[] {
  return (text.match(/(?:[^,[]|\[[^\]]*\])+/gu) ?? []).toSorted()
}
