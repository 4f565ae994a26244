import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { waitFor } from '../../support/wait-for.ts'
import { TestHome } from './test-controller.ts'

test('the exit codes are those of the table in README', async (t) => {
  const home = new TestHome(t)
  await home.startController()
  const codes = new Map<number, readonly (readonly string[])[]>([
    [
      0,
      [
        ['run', 'site.yml'],
        ['attach', 'last'],
        ['runs', '--state', 'ended'],
        ['stop', 'last'],
        ['prune', '--older-than', '1d'],
      ],
    ],
    [
      1,
      [
        ['show', 'r0-none'],
        ['runs', '--state', 'over'],
        ['run', 'site.yml', '--detach', '--junit', 'report.xml'],
      ],
    ],
    [
      2,
      [
        ['run', 'failing.yml'],
        ['run', 'site.yml', '--output', 'yaml'],
        ['prune', '--older-than', 'soon'],
      ],
    ],
    [
      4,
      [
        ['run', 'unreachable.yml'],
        ['run', 'broken.yml'],
        ['run', 'site.yml', '--junit', 'nowhere/report.xml'],
      ],
    ],
    [5, [['exec', 'all']]],
    [75, [['controller']]],
    [250, [['run', 'defect.yml']]],
  ])
  for (const [code, commands] of codes) {
    for (const words of commands) {
      const said = await home.errand(...words)
      assert.equal(said.code, code, `errand ${words.join(' ')}: ${said.stdout}${said.stderr}`)
      if (code === 1) assert.match(said.stderr, /^errand: [^\n]+\n$/u)
    }
  }
  const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8')
  const table = /\| exit code \|.*\n.*\n((?:\|.*\n)+)/u.exec(readme)?.[1] ?? ''
  const told = [...table.matchAll(/^\| (\d+) \|/gmu)].map(([, code]) => Number(code))
  // 99 is what Ctrl-C makes of it: command-line.test.ts.
  assert.deepEqual(
    told,
    [...codes.keys(), 99].toSorted((a, b) => a - b),
  )
})

test('errand run --detach prints the id alone, and the run is found by it', async (t) => {
  const home = new TestHome(t)
  const controller = await home.startController()
  const started = await home.errand('run', 'wait.yml', '--detach')
  assert.match(started.stdout, /^r\d{13}-[a-z]{6}\n$/u)
  assert.equal(started.stderr, '')
  const runId = started.stdout.trim()
  assert.match((await home.errand('show', runId)).stdout, /^state +running$/mu)
  controller.kill('SIGUSR2')
  const attached = await home.errand('attach', runId.slice(0, 10))
  assert.equal(attached.code, 0)
  assert.match(attached.stdout, /^changed: \[web1\]$/mu)
})

test('errand run --output json and --junit', async (t) => {
  const home = new TestHome(t)
  await home.startController()
  const said = await home.errand('run', 'site.yml', '--output', 'json', '--junit', 'report.xml')
  const kinds = said.stdout
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { body: { kind: string } }).body.kind)
  assert.equal(kinds[0], 'run_started')
  assert.equal(kinds.at(-1), 'run_ended')
  const xml = readFileSync(join(home.folder, 'report.xml'), 'utf8')
  assert.match(xml, /<testcase name="\[web1\] all: say hello" classname="site\.yml:1"/u)
  assert.equal((await home.errand('attach', 'last', '--json')).stdout, said.stdout)
})

test('errand controller repair saves what is left of a damaged record', async (t) => {
  const home = new TestHome(t)
  writeFileSync(join(home.folder, 'errand.db'), 'this is no database'.repeat(500))
  const refused = await home.errand('runs')
  assert.equal(refused.code, 4)
  assert.match(refused.stderr, /is damaged.*errand controller repair/u)
  const repaired = await home.errand('controller', 'repair')
  assert.equal(repaired.code, 0, repaired.stderr)
  assert.match(repaired.stdout, /^saved 0 runs, /u)
  assert.match(repaired.stdout, /^the damaged one is \S+errand\.db\.damaged-\d+: /mu)
  assert.equal(readdirSync(home.folder).filter((name) => name.includes('.damaged-')).length, 1)
  await home.startController()
  assert.equal((await home.errand('runs')).stderr, 'no runs\n')
  const running = await home.errand('controller', 'repair')
  assert.equal(running.code, 75)
  assert.match(running.stderr, /a controller is running already/u)
})

test('errand stop from another terminal, with the jobs', async (t) => {
  const home = new TestHome(t)
  await home.startController()
  const first = home.said(home.start('run', 'wait.yml'))
  await waitFor('the run', async () =>
    (await home.errand('runs', '--state', 'running', '--json')).stdout.includes('runId'),
  )
  const stopped = await home.errand('stop', 'last', '--cancel-jobs')
  assert.equal(stopped.code, 0)
  assert.equal(stopped.stderr, '[ERROR]: User interrupted execution\n')
  assert.equal((await first).code, 99)
})
