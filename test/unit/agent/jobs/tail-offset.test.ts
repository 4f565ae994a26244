import assert from 'node:assert/strict'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { tailOffset } from '../../../../agent/jobs/tail-offset.ts'
import { limits } from '../../../../proto/limits.ts'

const long = `${'x'.repeat(limits.chunkBytes)}\n`

const cases: readonly (readonly [string, number, string])[] = [
  ['a\nb\nc\n', 0, ''],
  ['a\nb\nc\n', 1, 'c\n'],
  ['a\nb\nc\n', 2, 'b\nc\n'],
  ['a\nb\nc\n', 3, 'a\nb\nc\n'],
  ['a\nb\nc\n', 9, 'a\nb\nc\n'],
  ['a\nb\nrest', 1, 'rest'],
  ['a\nb\nrest', 2, 'b\nrest'],
  ['\n\n\n', 2, '\n\n'],
  ['', 1, ''],
  [`a\n${long}${long}b\n`, 2, `${long}b\n`],
  [`a\n${long}${long}b\n`, 3, `${long}${long}b\n`],
]

for (const [index, [text, lines, expected]] of cases.entries()) {
  test(`tailOffset() case ${index}: the last ${lines} lines`, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'errand-tail-'))
    t.after(() => rm(folder, { recursive: true }))
    const file = join(folder, 'stdout')
    await writeFile(file, text)
    await using handle = await open(file, 'r')
    assert.equal(text.slice(await tailOffset(handle, text.length, lines)), expected)
  })
}
