import { rm, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLab, type Lab } from '../lab/lab.ts'
import { Errand } from '../support/errand.ts'
import { cancelJobs, untilEnded } from './await-ends.ts'
import { findCases, leftBehind, type Found } from './cases.ts'
import { Faults } from './faults.ts'
import { folder, program } from './job-program.ts'
import { judge, type Case, type Row } from './judge.ts'
import { hostCount, type FaultKind, type Plan } from './plan.ts'
import { hostName } from './playbooks.ts'
import { keyOfJob, keyOfRow } from './rows.ts'
import { startJobs, type Started } from './start-jobs.ts'
import { within } from './within.ts'

export interface ChaosOptions {
  /** For each playbook, faults included. */
  readonly playbookMs: number
  /** From the last fault until every job must have its end. */
  readonly endMs: number
  /** Hears, in a few words, what has been done. */
  readonly onProgress: (what: string) => void
}

/** What came out; each sentence is a broken promise. */
export interface Report {
  readonly faults: ReadonlyMap<FaultKind, number>
  /** Jobs by their state at the end; `not sent` are those that no host was there for. */
  readonly states: ReadonlyMap<string, number>
  readonly wrongEnds: readonly string[]
  readonly doubleRuns: readonly string[]
  readonly lostBytes: readonly string[]
  /** Processes of jobs that had timed out or been cancelled. */
  readonly leftBehind: readonly string[]
  /** Playbooks that did not end as they should. */
  readonly failedRuns: readonly string[]
  /** How many `errand run` gave up watching, since no controller came up in time. */
  readonly gaveUp: number
  readonly tookMs: number
}

/** What a setting up or taking down of the stage may take. */
const stageMs = 300_000

/** Runs a plan on hosts of its own: starts the jobs, breaks things meanwhile, waits for the ends and judges them. */
export async function chaos(plan: Plan, options: ChaosOptions): Promise<Report> {
  const beganMs = performance.now()
  const names = Array.from({ length: hostCount }, (_, index) => hostName(index + 1))
  await using lab = await startLab({ hosts: hostCount, names })
  const errandFolder = await mkdtemp(join(tmpdir(), 'errand-chaos-'))
  const errand = new Errand({
    folder: errandFolder,
    prefix: lab.controllerPrefix,
    userHome: lab.home,
    env: { ERRAND_TEST_REPEAT_SUBMITS: '1', ERRAND_HEARTBEAT_SECONDS: '2' },
  })
  try {
    await within('the installation', stageMs, () => prepare(lab, errand))
    const faults = new Faults(lab, errand)
    const { rows, ...started } = await carryOut(plan, { errand, faults, options })
    const found = { lab, errand, rows, powerCuts: faults.powerCuts }
    const verdicts = await judgeAll(plan, found)
    const tookMs = performance.now() - beganMs
    return {
      ...verdicts,
      faults: faults.done,
      gaveUp: started.gaveUp,
      failedRuns: started.failures,
      tookMs,
    }
  } finally {
    await within('errand controller stop', stageMs, (signal) =>
      errand.run(['controller', 'stop'], { signal }),
    )
    await rm(errandFolder, { recursive: true, force: true })
  }
}

async function prepare(lab: Lab, errand: Errand): Promise<void> {
  await errand.write('hosts', lab.inventoryText({}))
  const installed = await errand.run(['install', '-i', 'hosts', 'all'])
  if (installed.code !== 0) throw new Error(`errand install: ${installed.stderr}`)
  for (const host of lab.hosts) {
    await host.run(`mkdir -p ${folder}; cat >${folder}/program`, { input: program })
  }
}

interface Work {
  readonly errand: Errand
  readonly faults: Faults
  readonly options: ChaosOptions
}

/** @returns Every job of the record, when each has its end or the time is up. */
async function carryOut(
  plan: Plan,
  { errand, faults, options }: Work,
): Promise<Started & { readonly rows: readonly Row[] }> {
  const started = new AbortController()
  const ended = new AbortController()
  const onProgress = (what: string) => {
    options.onProgress(`${what}, ${faults.count} faults`)
  }
  const cancelling = cancelJobs(plan, { errand, signal: ended.signal })
  try {
    const starting = startJobs(plan, { errand, timeoutMs: options.playbookMs, onProgress }).finally(
      () => started.abort(),
    )
    const [start] = await Promise.all([starting, faults.cause(plan, started.signal)])
    onProgress('all is whole again')
    return { ...start, rows: await untilEnded(errand, options.endMs) }
  } finally {
    ended.abort()
    await cancelling
  }
}

type Verdicts = Pick<Report, 'states' | 'wrongEnds' | 'doubleRuns' | 'lostBytes' | 'leftBehind'>

async function judgeAll(plan: Plan, found: Found): Promise<Verdicts> {
  const cases = await findCases(plan, found)
  const verdicts = cases.map((entry) => ({ entry, verdict: judge(entry) }))
  const broken = (which: 'wrongEnd' | 'doubleRun' | 'lostBytes') =>
    verdicts.flatMap(({ entry, verdict }) => {
      const what = verdict[which]
      return what === undefined ? [] : [`${what}: ${facts(entry)}`]
    })
  const planned = new Set(plan.jobs.map(keyOfJob))
  const unplanned = found.rows.filter((row) => !planned.has(keyOfRow(row)))
  return {
    states: countStates(cases),
    wrongEnds: broken('wrongEnd'),
    doubleRuns: [
      ...broken('doubleRun'),
      ...unplanned.map((row) => `not of the plan: ${JSON.stringify(row)}`),
    ],
    lostBytes: broken('lostBytes'),
    leftBehind: await leftBehind(found),
  }
}

function countStates(cases: readonly Case[]): ReadonlyMap<string, number> {
  const states = new Map<string, number>()
  for (const { rows } of cases) {
    const state = rows[0]?.state ?? 'not sent'
    states.set(state, (states.get(state) ?? 0) + 1)
  }
  return states
}

function facts({ job, rows, word, powerCuts }: Case): string {
  const cuts = powerCuts.filter(({ host }) => host === job.host)
  return JSON.stringify({ job, rows, word, cuts })
}
