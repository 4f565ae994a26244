import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { checkWritable, JunitFile } from '../../../../controller/cli/junit/junit-file.ts'
import { junitXml } from '../../../../controller/cli/junit/junit-xml.ts'
import { xmlDocument } from '../../../../controller/cli/junit/xml.ts'
import { RunStoryTeller } from '../../../../controller/cli/show/run-story.ts'
import type { ResultStatus, RunEventBody } from '../../../../proto/run.ts'
import { mapOf, newMap, type ValueMap } from '../../../../proto/value.ts'
import { runCommand } from '../../../lab/run-command.ts'

test('junitXml() has a suite a play and a case for each task on each host', () => {
  const xml = storyXml([
    play('deploy', ['web1', 'web2']),
    heading('t1', 'copy'),
    result('t1', 'web1', 'changed'),
    result('t1', 'web2', 'failed', mapOf({ msg: 'no space', rc: 3 })),
    heading('t2', 'check'),
    result('t2', 'web1', 'skipped', mapOf({ skip_reason: 'Conditional result was False' })),
    play('after', ['web1']),
    heading('t3', 'reach'),
    result('t3', 'web1', 'unreachable', mapOf({ msg: 'silent' })),
    { kind: 'run_ended', exitCode: 4 },
  ])
  assert.match(xml, /<testsuites tests="4" failures="1" errors="1" skipped="1" time="0\.009">/u)
  assert.match(xml, /<testsuite name="deploy" tests="3" failures="1" errors="0" skipped="1"/u)
  assert.match(
    xml,
    /<testcase name="\[web1\] deploy: copy" classname="site\.yml:1" time="0\.001">\n {6}<system-out>/u,
  )
  assert.match(xml, /<failure message="no space" type="failure">\{\n/u)
  assert.match(xml, /<skipped message="Conditional result was False"\/>/u)
  assert.match(xml, /<error message="silent" type="error">/u)
})

test('junitXml() lets what is ignored pass', () => {
  const xml = storyXml([
    play('p', ['web1']),
    heading('t1', 'try'),
    result('t1', 'web1', 'failed', mapOf({ msg: 'no' }), true),
    { kind: 'run_ended', exitCode: 0 },
  ])
  assert.match(xml, /tests="1" failures="0" errors="0"/u)
})

for (const [what, ending, message] of [
  [
    'was interrupted',
    [{ kind: 'run_ended', exitCode: 99, error: 'User interrupted' }],
    'User interrupted',
  ],
  ['goes on', [], 'the run has not ended'],
] as const) {
  test(`junitXml() is not green for a run that ${what}`, () => {
    const xml = storyXml([play('p', ['web1']), ...ending])
    assert.match(xml, /<testsuites tests="1" failures="0" errors="1"/u)
    assert.ok(xml.includes(`<error message="${message}" type="error"/>`), xml)
  })
}

test('junitXml() tells a handler that ran twice as two cases with times of their own', () => {
  const xml = storyXml([
    play('p', ['web1']),
    heading('h', 'restart'),
    result('h', 'web1', 'changed'),
    heading('h', 'restart'),
    { kind: 'notified', handler: 'x', host: 'web1' },
    result('h', 'web1', 'changed'),
  ])
  const times = [...xml.matchAll(/restart" classname="site\.yml:1" time="([\d.]+)"/gu)]
  assert.deepEqual(
    times.map(([, time]) => time),
    ['0.001', '0.002'],
  )
})

test('junitXml() of hostile text is XML that a strict reader takes', async () => {
  const hostile = `]]>&amp;<b a="1">'\u0000\u0007\u001B[31m\uFFFE\uD800 ü 😀\r\n\ttab`
  const xml = storyXml([
    play(hostile, ['web1']),
    heading('t1', hostile),
    result('t1', 'web1', 'failed', mapOf({ msg: hostile, [hostile]: [hostile] })),
    { kind: 'run_ended', exitCode: 2 },
  ])
  const script =
    'import sys, xml.etree.ElementTree as t; r = t.fromstring(sys.stdin.buffer.read()); ' +
    "sys.stdout.buffer.write(r.find('.//failure').get('message').encode())"
  const read = await runCommand(['python3', '-c', script], { input: xml })
  assert.equal(read.code, 0, read.stderr)
  // oxlint-disable-next-line no-control-regex -- they are what XML cannot hold
  const shown = hostile.toWellFormed().replaceAll(/[\u0000\u0007\u001B\uFFFE]/gu, '\uFFFD')
  assert.equal(read.stdout, shown)
})

test('xmlDocument() writes an empty element short', () => {
  const text = xmlDocument({ name: 'a', attributes: { n: 1 } })
  assert.equal(text, '<?xml version="1.0" encoding="utf-8"?>\n<a n="1"/>\n')
})

test('JunitFile replaces the file as a whole, and leaves nothing beside it', (t) => {
  const folder = temporaryFolder(t)
  const path = join(folder, 'report.xml')
  for (let n = 0; n < 2; n++) new JunitFile(path).write()
  assert.deepEqual(readdirSync(folder), ['report.xml'])
  assert.match(readFileSync(path, 'utf8'), /^<\?xml/u)
})

test('JunitFile that cannot be written says so and leaves nothing', (t) => {
  const folder = temporaryFolder(t)
  const path = join(folder, 'report.xml')
  mkdirSync(path)
  assert.throws(() => new JunitFile(path).write(), { code: 'denied', message: /cannot write/u })
  assert.deepEqual(readdirSync(folder), ['report.xml'])
  assert.throws(() => checkWritable(join(folder, 'none', 'report.xml')), { code: 'denied' })
  assert.ok(!existsSync(join(folder, 'none')))
})

/** The XML of a run whose events come a millisecond after one another. */
function storyXml(bodies: readonly RunEventBody[]): string {
  const teller = new RunStoryTeller()
  bodies.forEach((body, index) => teller.note({ seq: index + 1, atMs: 1000 + index, body }))
  return junitXml(teller.story)
}

function play(name: string, hosts: readonly string[]): RunEventBody {
  return { kind: 'play_started', play: name, hosts }
}

function heading(taskId: string, task: string): RunEventBody {
  const fixed = { isHandler: false, module: 'command', path: 'site.yml:1', check: false }
  return { kind: 'task_started', taskId, task, ...fixed }
}

function result(
  taskId: string,
  host: string,
  status: ResultStatus,
  fields: ValueMap = mapOf({ changed: true }),
  isIgnored = false,
): RunEventBody {
  return {
    kind: 'host_result',
    taskId,
    task: 't',
    module: 'command',
    host: { host },
    status,
    isIgnored,
    hasItems: false,
    result: newMap(fields),
  }
}

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'errand-junit-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}
