import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shortDuration } from '../../../../controller/cli/durations.ts'
import { withoutAliases } from '../../../../controller/cli/flags/aliases.ts'
import { PrefixedLines } from '../../../../controller/cli/prefixed-lines.ts'
import { usageText } from '../../../../controller/cli/job-lines.ts'
import { titleOf } from '../../../../controller/cli/run-request.ts'
import { table } from '../../../../controller/cli/table.ts'

for (const [argv, title] of [
  [['site.yml', '-i', 'hosts'], 'site.yml -i hosts'],
  [['site.yml', '-e', 'password=x'], 'site.yml -e …'],
  [['site.yml', '--extra-vars', 'password=x'], 'site.yml --extra-vars …'],
  [['site.yml', '--extra-vars=password=x', '-epassword=x'], 'site.yml --extra-vars=… -e…'],
  [['site.yml', '-e', '@vars.yml'], 'site.yml -e @vars.yml'],
  [['all', '-a', "echo it's"], String.raw`all -a 'echo it'\''s'`],
] as const) {
  test(`titleOf() says ${title}`, () => {
    assert.equal(titleOf(argv), title)
  })
}

for (const [ms, text] of [
  [-5, '0.0s'],
  [400, '0.4s'],
  [42_900, '42s'],
  [185_000, '3m05s'],
  [7_800_000, '2h10m'],
  [4 * 86_400_000 + 3 * 3_600_000, '4d03h'],
] as const) {
  test(`shortDuration() says ${text}`, () => {
    assert.equal(shortDuration(ms), text)
  })
}

for (const [usage, text] of [
  [{}, undefined],
  [{ cpuMs: 12_440 }, 'cpu time 12.4 s'],
  [
    { cpuMs: 0, peakMemoryBytes: 84_934_656, peakProcesses: 3 },
    'cpu time 0.0 s   memory peak 81 MB   processes 3',
  ],
] as const) {
  test(`usageText() says ${text}`, () => {
    assert.equal(usageText(usage), text)
  })
}

test('table() aligns columns by their width on a terminal', () => {
  assert.equal(
    table(
      ['A', 'B'],
      [
        ['日本', 'x'],
        ['abc', 'y'],
      ],
    ),
    'A     B\n日本  x\nabc   y\n',
  )
})

test('PrefixedLines puts the prefix before whole lines, however the bytes come', () => {
  const lines = new PrefixedLines('web1: ')
  const pieces = ['on', 'e\ntw', 'o\n', '\nlast'].map((text) => lines.add(Buffer.from(text)))
  const printed = Buffer.concat([...pieces, lines.rest(), lines.rest()]).toString()
  assert.equal(printed, 'web1: one\nweb1: two\nweb1: \nweb1: last\n')
})

test('PrefixedLines does not keep a line that never ends', () => {
  const lines = new PrefixedLines('h: ')
  const printed = lines.add(Buffer.alloc(200_000, 'x'))
  assert.ok(printed.length >= 200_000)
})

test('withoutAliases() gives flags their first names, and leaves a command after -- alone', () => {
  assert.deepEqual(
    withoutAliases(['exec', '--inventory-file=a=b', '--key-file', 'k', '--', 'x', '--key-file']),
    ['exec', '--inventory=a=b', '--private-key', 'k', '--', 'x', '--key-file'],
  )
})
