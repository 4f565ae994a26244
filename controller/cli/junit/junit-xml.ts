import { type ValueMap } from '../../../proto/value.ts'
import { pythonText } from '../render/python-text.ts'
import { dumpResult } from '../render/shown-result.ts'
import type { PlayStory, ResultStory, RunStory, TaskStory } from '../show/run-story.ts'
import { xmlDocument, type Element } from './xml.ts'

/**
 * A run as JUnit XML: a testsuite a play, a testcase for each task on each host. A failure that is ignored is none, as
 * with Ansible's junit callback; a host out of reach is an error, and so is what ended the run before its time.
 */
export function junitXml(story: RunStory): string {
  const suites = [...story.plays.map(playSuite), ...brokenOff(story)]
  return xmlDocument({
    name: 'testsuites',
    attributes: {
      ...counts(suites.flatMap(({ cases }) => cases)),
      time: seconds(story.lastAtMs - story.startedAtMs),
    },
    children: suites.map(suiteElement),
  })
}

interface Suite {
  readonly name: string
  readonly startedAtMs: number
  readonly cases: readonly Case[]
}

interface Case {
  readonly name: string
  readonly classname: string
  readonly tookMs: number
  readonly endedAtMs: number
  /** Absent: it passed. */
  readonly verdict?: Verdict
  readonly output: string
}

interface Verdict {
  readonly kind: 'failure' | 'error' | 'skipped'
  readonly message: string
}

function playSuite({ play, startedAtMs, tasks }: PlayStory): Suite {
  const cases = tasks.flatMap((task) => task.results.map((result) => caseOf(play, task, result)))
  return { name: play, startedAtMs, cases }
}

function caseOf(play: string, task: TaskStory, result: ResultStory): Case {
  const verdict = verdictOf(result)
  return {
    name: `[${result.host}] ${play}: ${task.task}`,
    classname: task.path,
    tookMs: result.endedAtMs - result.startedAtMs,
    endedAtMs: result.endedAtMs,
    ...(verdict ? { verdict } : {}),
    output: dumpResult(result.result, { verbosity: 1, indent: 4 }),
  }
}

function verdictOf({ status, isIgnored, result }: ResultStory): Verdict | undefined {
  if (isIgnored || status === 'ok' || status === 'changed') return undefined
  if (status === 'skipped')
    return { kind: 'skipped', message: wordOf(result, 'skip_reason', 'skipped') }
  const message = wordOf(
    result,
    'msg',
    result.has('rc') ? `rc=${wordOf(result, 'rc', '')}` : status,
  )
  return { kind: status === 'failed' ? 'failure' : 'error', message }
}

function wordOf(result: ValueMap, key: string, otherwise: string): string {
  const value = result.get(key)
  return value === undefined || value === null || value === '' ? otherwise : pythonText(value)
}

/** What kept the run from coming to its end is a case of its own: no report may look green then. */
function brokenOff({ end, lastAtMs }: RunStory): readonly Suite[] {
  if (end !== undefined && end.error === undefined) return []
  const message = end?.error ?? 'the run has not ended'
  const verdict = { kind: 'error', message } as const
  const run = {
    name: 'run',
    classname: 'errand',
    tookMs: 0,
    endedAtMs: lastAtMs,
    verdict,
    output: '',
  }
  return [{ name: 'errand', startedAtMs: lastAtMs, cases: [run] }]
}

function suiteElement({ name, startedAtMs, cases }: Suite): Element {
  const endMs = Math.max(startedAtMs, ...cases.map(({ endedAtMs }) => endedAtMs))
  return {
    name: 'testsuite',
    attributes: {
      name,
      ...counts(cases),
      time: seconds(endMs - startedAtMs),
      timestamp: new Date(startedAtMs).toISOString(),
    },
    children: cases.map(caseElement),
  }
}

function caseElement({ name, classname, tookMs, verdict, output }: Case): Element {
  const said = output === '' ? [] : [{ name: 'system-out', attributes: {}, children: [output] }]
  return {
    name: 'testcase',
    attributes: { name, classname, time: seconds(tookMs) },
    children: [...(verdict ? [verdictElement(verdict, output)] : []), ...said],
  }
}

function verdictElement({ kind, message }: Verdict, output: string): Element {
  if (kind === 'skipped') return { name: kind, attributes: { message } }
  return {
    name: kind,
    attributes: { message, type: kind },
    children: output === '' ? [] : [output],
  }
}

function counts(cases: readonly Case[]): Record<string, number> {
  const number = (kind: Verdict['kind']) =>
    cases.filter(({ verdict }) => verdict?.kind === kind).length
  return {
    tests: cases.length,
    failures: number('failure'),
    errors: number('error'),
    skipped: number('skipped'),
  }
}

function seconds(ms: number): string {
  return (Math.max(0, ms) / 1000).toFixed(3)
}
