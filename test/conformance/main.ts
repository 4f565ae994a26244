import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runOrFail } from '../lab/run-command.ts'
import { skipReason } from '../lab/skip-reason.ts'
import { CASES_DIRECTORY, loadCases, readExpected, writeExpected } from './case.ts'
import type { Answer, Case } from './case.ts'
import { differences } from './compare.ts'
import { installAgents, play, stopController } from './play.ts'
import { readKnownUnequal } from './known-unequal.ts'
import { table } from './report.ts'
import type { Verdict } from './report.ts'
import { Stage } from './stage.ts'

// The conformance suite: small playbooks, and what the real Ansible makes of them. `npm run conformance` plays them
// with errand and compares with what was recorded; --live asks the real one too; --record only asks the real one.

const USAGE = `npm run conformance -- [--live | --record] [--missing] [--chapter NAME] [--case NAME] [-v]
  --live      also run the installed Ansible and compare with that, not with the recording
  --record    run the installed Ansible only and write down what it answers
  --missing   with --record: only cases that were never recorded
  -v          show how unequal cases differ`

const VERSION_FILE = join(CASES_DIRECTORY, 'recorded-with.txt')

interface Options {
  readonly live: boolean
  readonly record: boolean
  readonly missing: boolean
  readonly verbose: boolean
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      live: { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
      missing: { type: 'boolean', default: false },
      verbose: { type: 'boolean', short: 'v', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      chapter: { type: 'string' },
      case: { type: 'string' },
    },
  })
  if (values.help) return say(USAGE)
  const impossible = skipReason()
  if (impossible !== false) return say(impossible, 1)
  const { chapter, case: name } = values
  const cases = await loadCases({
    ...(chapter === undefined ? {} : { chapter }),
    ...(name === undefined ? {} : { name }),
  })
  if (cases.length === 0) return say('no such chapter or case', 1)
  await using stage = await Stage.open()
  return await (values.record ? record(cases, stage, values) : judge(cases, stage, values))
}

async function record(cases: readonly Case[], stage: Stage, options: Options): Promise<number> {
  for (const entry of cases) {
    if (options.missing && (await readExpected(entry)) !== undefined) continue
    await writeExpected(entry, await play(entry, 'ansible', stage))
    say(`${entry.chapter}/${entry.name}`)
  }
  await writeFile(VERSION_FILE, await ansibleVersion())
  return 0
}

async function ansibleVersion(): Promise<string> {
  const lines = (await runOrFail(['ansible-playbook', '--version'])).split('\n')
  const first = lines[0] ?? ''
  const others = lines.filter((line) => /^ {2}(python|jinja) version/.test(line))
  return `${[first, ...others.map((line) => line.trim().replace(/ \(.*/, ''))].join('\n')}\n`
}

async function judge(cases: readonly Case[], stage: Stage, options: Options): Promise<number> {
  const known = await readKnownUnequal()
  await installAgents(stage)
  const verdicts: Verdict[] = []
  try {
    for (const entry of cases) {
      const name = `${entry.chapter}/${entry.name}`
      const expected = await expectation(entry, stage, options)
      const found =
        expected === undefined
          ? ['never recorded']
          : differences(expected, await play(entry, 'errand', stage))
      verdicts.push({ chapter: entry.chapter, name, isEqual: found.length === 0 })
      if (found.length === 0 && known.has(name))
        say(`${name}: equal now: take it out of known-unequal.txt`)
      if (found.length > 0) say(`${name}: unequal${reason(known.get(name))}`)
      if (found.length > 0 && options.verbose) say(`${found.join('\n')}\n`)
    }
  } finally {
    await stopController(stage)
  }
  const version = await readFile(VERSION_FILE, 'utf8')
  say(`\n${table(verdicts)}\nrecorded with ${version.split('\n')[0] ?? ''}`)
  return verdicts.every((verdict) => verdict.isEqual || known.has(verdict.name)) ? 0 : 1
}

function expectation(entry: Case, stage: Stage, options: Options): Promise<Answer | undefined> {
  return options.live ? play(entry, 'ansible', stage) : readExpected(entry)
}

function reason(known: string | undefined): string {
  return known === undefined ? '' : ` (known: ${known})`
}

function say(text: string, exitCode = 0): number {
  process.stdout.write(`${text}\n`)
  return exitCode
}

process.exitCode = await main()
