import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type {
  CancelledJob,
  DisplaySettings,
  HostLabel,
  HostStats,
  JobOut,
  ResultStatus,
  RunEventBody,
  RunHeading,
} from '../../../proto/run.ts'

type Kind = RunEventBody['kind']
/** Every field of `T`, optional ones too: `must` or `may` be there. The compiler refuses a field that is left out. */
type Fields<T> = { readonly [Name in Exclude<keyof T, 'kind'>]-?: Presence<T, Name> }
type Presence<T, Name extends keyof T> = object extends Pick<T, Name> ? 'may' : 'must'
type Body<K extends Kind> = Extract<RunEventBody, { readonly kind: K }>

const must = 'must'
const may = 'may'

const kinds: { readonly [K in Kind]: Fields<Body<K>> } = {
  run_started: { request: must },
  playbook_started: { playbook: must, plays: must },
  play_started: { play: must, hosts: must, path: may },
  no_hosts_matched: {},
  no_hosts_left: {},
  task_started: {
    taskId: must,
    task: must,
    isHandler: must,
    module: must,
    path: must,
    check: must,
  },
  host_result: {
    taskId: must,
    task: must,
    module: must,
    host: must,
    status: must,
    isIgnored: must,
    hasItems: must,
    showsDiff: may,
    result: must,
  },
  item_result: {
    taskId: must,
    module: must,
    host: must,
    status: must,
    label: must,
    showsDiff: may,
    result: must,
  },
  retrying: { taskId: must, task: must, host: must, retriesLeft: must, result: must },
  async_poll: { host: must, jobId: must, started: must, finished: must },
  async_ok: { host: must, jobId: must },
  async_failed: { host: must, jobId: must },
  included: { file: must, hosts: must, label: may },
  notified: { handler: must, host: must },
  message: { level: must, verbosity: may, text: must },
  question: { questionId: must, about: must, text: must, isHidden: may, untilMs: may },
  answer: { questionId: must, text: may, isAbort: may },
  job_started: { jobId: must, host: must, task: must, isAsync: must, hasOutput: may },
  host_awaited: { host: must, task: must, untilMs: must, reason: must, jobId: may },
  install_step: { host: must, step: must, message: must },
  stats: { stats: must, custom: may },
  text: { text: must },
  jobs_cancelled: { jobs: must },
  jobs_out: { jobs: must },
  run_ended: { exitCode: must, error: may },
}

type Part<T> = { readonly [Name in keyof T]-?: Presence<T, Name> }

const request: Part<RunHeading> = {
  kind: must,
  title: must,
  playbooks: must,
  check: must,
  diff: must,
  oneLine: must,
  verbosity: may,
  display: may,
}
const display: Part<DisplaySettings> = {
  callback: must,
  resultFormat: must,
  isPretty: may,
  skippedHosts: must,
  okHosts: must,
  failedOnStderr: must,
  customStats: must,
  taskPathOnFailure: must,
  checkModeMarkers: must,
  deprecations: may,
  callbacks: may,
}
const label: Part<HostLabel> = { host: must, delegate: may }
const status: { readonly [Word in ResultStatus]: 'must' } = {
  ok: must,
  changed: must,
  skipped: must,
  failed: must,
  unreachable: must,
}
const stats: Part<HostStats> = {
  ok: must,
  changed: must,
  unreachable: must,
  failed: must,
  skipped: must,
  rescued: must,
  ignored: must,
}
const out: Part<JobOut> = { jobId: must, host: must, task: must }
const cancelled: Part<CancelledJob> = { ...out, state: must }
const parts = {
  '`request`': request,
  '`display`': display,
  '`host` of a result': label,
  '`status`': status,
  '`stats` of a host': stats,
  '`jobs` of `jobs_out`': out,
  '`jobs` of `jobs_cancelled`': cancelled,
}

const [, kindRows = '', partRows = ''] = readFileSync(
  join(import.meta.dirname, '../../../proto/run-events.md'),
  'utf8',
).split(/^\| --- .*\n/mu)

test('run-events.md tells every kind of event with its fields, and no other', () => {
  const named = Object.entries(kinds).map(([kind, fields]) => [`\`${kind}\``, fields] as const)
  assert.deepEqual(rowsOf(kindRows), written(named))
})

test('run-events.md tells every part of an event with its fields, and no other', () => {
  assert.deepEqual(rowsOf(partRows), written(Object.entries(parts)))
})

/** First and second cell of each row. */
function rowsOf(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.startsWith('| `'))
  return Object.fromEntries(
    lines.map((line) => {
      const [, name = '', fields = ''] = line.split(/ *\| */u)
      return [name, fields]
    }),
  )
}

function written(
  entries: readonly (readonly [string, Readonly<Record<string, string>>])[],
): Record<string, string> {
  return Object.fromEntries(
    entries.map(([name, fields]) => [
      name,
      Object.entries(fields)
        .map(([field, presence]) => `\`${field}${presence === 'may' ? '?' : ''}\``)
        .join(' '),
    ]),
  )
}
