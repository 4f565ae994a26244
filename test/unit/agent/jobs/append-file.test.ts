import assert from 'node:assert/strict'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { AppendFile } from '../../../../agent/jobs/append-file.ts'
import { runCommand } from '../../../lab/run-command.ts'
import { tempDir } from '../temp-dir.ts'

test('append() goes on behind what is there', (t) => {
  const file = join(tempDir(t), 'file')
  writeFileSync(file, 'one\n')
  using lines = new AppendFile(file)
  lines.append('two\n')
  assert.equal(readFileSync(file, 'utf8'), 'one\ntwo\n')
})

test('append() takes back what a write that failed left behind', (t) => {
  const file = join(tempDir(t), 'file')
  using lines = new AppendFile(file)
  lines.append('one\n')
  appendFileSync(file, 'half a li') // could not be taken back then
  lines.append('two\n')
  assert.equal(readFileSync(file, 'utf8'), 'one\ntwo\n')
})

test('append() leaves nothing of a text that is too long for what the system lets it write', async (t) => {
  const file = join(tempDir(t), 'file')
  const program = `
    import { AppendFile } from ${JSON.stringify(join(import.meta.dirname, '../../../../agent/jobs/append-file.ts'))}
    process.on('SIGXFSZ', () => {})
    const lines = new AppendFile(${JSON.stringify(file)})
    lines.append('a'.repeat(1000) + '\\n')
    try { lines.append('b'.repeat(600) + '\\n') } catch (error) { console.log(error.code) }
    lines.append('c\\n')`
  const script = 'ulimit -f "$1"; shift; exec "$@"'
  const node = [process.execPath, '--input-type=module', '-e', program]
  const blocks = '3' // of 512 bytes in dash, and the write is cut short there before it fails
  const result = await runCommand(['dash', '-c', script, 'sh', blocks, ...node])
  assert.deepEqual([result.stdout, result.stderr], ['EFBIG\n', ''])
  assert.equal(readFileSync(file, 'utf8'), `${'a'.repeat(1000)}\nc\n`)
})
