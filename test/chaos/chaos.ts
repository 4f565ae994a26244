import { readFile, rm, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startLab, type Lab } from '../lab/lab.ts'
import { Errand } from '../support/errand.ts'
import { Faults, type PowerCut } from './faults.ts'
import { folder, program, readOwnWord } from './job-program.ts'
import { judge, type Case, type Row } from './judge.ts'
import { hostCount, type FaultKind, type Plan, type PlannedJob } from './plan.ts'
import { outputOf, readOutputs, type Outputs } from './outputs.ts'
import { hostName, playbooks, taskName } from './playbooks.ts'

export interface Bounds {
  /** For the starting of all jobs, faults included. */
  readonly startMs: number
  /** From then on until each must have its end. */
  readonly endMs: number
}

/** What came out; each sentence of `wrongEnds`, `doubleRuns`, `lostBytes` and `leftBehind` is a broken promise. */
export interface Report {
  readonly faults: ReadonlyMap<FaultKind, number>
  /** Jobs by their state at the end; `not sent` are those that no host was there for. */
  readonly states: ReadonlyMap<string, number>
  readonly wrongEnds: readonly string[]
  readonly doubleRuns: readonly string[]
  readonly lostBytes: readonly string[]
  /** Processes of jobs that had timed out or been cancelled. */
  readonly leftBehind: readonly string[]
  /** How many `errand run` gave up watching, since no controller came up in time. */
  readonly gaveUp: number
  readonly tookMs: number
}

/** Runs a plan on hosts of its own: starts the jobs, breaks things meanwhile, waits for the ends and judges them. */
export async function chaos(plan: Plan, bounds: Bounds): Promise<Report> {
  const beganMs = Date.now()
  const names = Array.from({ length: hostCount }, (_, index) => hostName(index + 1))
  await using lab = await startLab({ hosts: hostCount, names })
  const errandFolder = await mkdtemp(join(tmpdir(), 'errand-chaos-'))
  const errand = new Errand({
    folder: errandFolder,
    prefix: lab.controllerPrefix,
    userHome: lab.home,
    env: { ERRAND_TEST_REPEAT_SUBMITS: '1' },
  })
  try {
    await prepare(lab, errand)
    const faults = new Faults(lab, errand)
    const { rows, gaveUp } = await carryOut(plan, { errand, faults, bounds })
    return await report(plan, { lab, errand, rows, faults, gaveUp, tookMs: Date.now() - beganMs })
  } finally {
    await errand.run(['controller', 'stop'])
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
  readonly bounds: Bounds
}

/** @returns Every job of the record, when each has its end or the time is up. */
async function carryOut(
  plan: Plan,
  { errand, faults, bounds }: Work,
): Promise<{ readonly rows: readonly Row[]; readonly gaveUp: number }> {
  const started = new AbortController()
  const ended = new AbortController()
  const cancelling = cancelJobs(plan, { errand, signal: ended.signal })
  const breaking = faults.cause(plan.faults, started.signal)
  const gaveUp = await startJobs(plan, { errand, timeoutMs: bounds.startMs }).finally(() =>
    started.abort(),
  )
  await breaking
  const rows = await untilEnded(errand, bounds.endMs).finally(() => ended.abort())
  await cancelling
  return { rows, gaveUp }
}

/**
 * Two playbooks at a time.
 *
 * @returns How many watchers gave up.
 */
async function startJobs(
  plan: Plan,
  { errand, timeoutMs }: { readonly errand: Errand; readonly timeoutMs: number },
): Promise<number> {
  const waiting = playbooks(plan.jobs).map((text, index) => ({ text, name: `${index}.yml` }))
  const signal = AbortSignal.timeout(timeoutMs)
  let gaveUp = 0
  const one = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await errand.write(next.name, next.text)
      const args = ['run', '-i', 'hosts', '-T', '5', next.name]
      const { code, stdout, stderr } = await errand.run(args, { signal })
      // Who watched a run may give up when no controller comes up in time: the run itself goes on with the next one.
      if (code === 4 && stderr.includes('the controller could not be started')) gaveUp += 1
      else if (code !== 0) {
        throw new Error(
          `errand run ended with ${code}: ${stdout.slice(-2000)}${stderr.slice(-2000)}`,
        )
      }
    }
  }
  await Promise.all([one(), one()])
  return gaveUp
}

/** Cancels what is to be cancelled, as soon as it is there, until `signal` aborts. */
async function cancelJobs(
  plan: Plan,
  { errand, signal }: { readonly errand: Errand; readonly signal: AbortSignal },
): Promise<void> {
  const wanted = new Set(plan.jobs.filter(({ fate }) => fate === 'is cancelled').map(keyOfJob))
  while (!signal.aborted) {
    const rows = await rowsOf(errand, ['--state', 'running']).catch(() => [])
    const found = rows.filter((row) => wanted.has(keyOfRow(row)))
    if (found.length > 0) {
      const args = ['cancel', '--grace', '1', ...found.map(({ jobId }) => jobId)]
      const bound = AbortSignal.any([signal, AbortSignal.timeout(15_000)])
      await errand.run(args, { signal: bound }).catch(() => {
        // A host out of reach: the next round asks again.
      })
    }
    await delay(1000, undefined, { signal }).catch(() => {
      // The loop ends.
    })
  }
}

const unended = ['submitting', 'queued', 'running', 'unreachable']

async function untilEnded(errand: Errand, timeoutMs: number): Promise<readonly Row[]> {
  const signal = AbortSignal.timeout(timeoutMs)
  // Agents that were killed come back at the next contact.
  await errand.run(['exec', '-i', 'hosts', 'all', '-m', 'ping'], { signal }).catch(() => {
    // The jobs will tell.
  })
  for (;;) {
    const runs = await errand.json(['runs'])
    const rows = await rowsOf(errand, [])
    const isOver =
      !rows.some(({ state }) => unended.includes(state)) &&
      !runs.some(({ state }) => state === 'running')
    if (isOver || signal.aborted) return rows
    await delay(1000)
  }
}

async function rowsOf(errand: Errand, args: readonly string[]): Promise<readonly Row[]> {
  const rows = (await errand.json(['jobs', '--limit', '100000', ...args])) as unknown as Row[]
  return rows.filter(({ name }) => name.startsWith('chaos job '))
}

function keyOfJob(job: PlannedJob): string {
  return `${hostName(job.host)} ${taskName(job)}`
}

function keyOfRow({ host, name }: Row): string {
  return `${host} ${name}`
}

interface Found {
  readonly lab: Lab
  readonly errand: Errand
  readonly rows: readonly Row[]
  readonly faults: Faults
  readonly gaveUp: number
  readonly tookMs: number
}

async function report(
  plan: Plan,
  { lab, errand, rows, faults, gaveUp, tookMs }: Found,
): Promise<Report> {
  const states = new Map<string, number>()
  const wrong = { wrongEnds: [], doubleRuns: [], lostBytes: [] } as Record<
    'wrongEnds' | 'doubleRuns' | 'lostBytes',
    string[]
  >
  const finder = await Finder.of(rows, { lab, errand, powerCuts: faults.powerCuts })
  for (const job of plan.jobs) {
    const entry = await finder.find(job)
    const state = entry.rows[0]?.state ?? 'not sent'
    states.set(state, (states.get(state) ?? 0) + 1)
    const verdict = judge(entry)
    const told = (what: string | undefined) =>
      what === undefined ? [] : [`${what}: ${facts(entry)}`]
    wrong.wrongEnds.push(...told(verdict.wrongEnd))
    wrong.doubleRuns.push(...told(verdict.doubleRun))
    wrong.lostBytes.push(...told(verdict.lostBytes))
  }
  const leftBehind = await processesLeft(plan, { lab, rows })
  return { faults: faults.done, states, ...wrong, leftBehind, gaveUp, tookMs }
}

function facts({ job, rows, word, powerCuts }: Case): string {
  const cuts = powerCuts.filter(({ host }) => host === job.host)
  return JSON.stringify({ job, rows, word, cuts })
}

interface Known {
  readonly lab: Lab
  readonly errand: Errand
  readonly powerCuts: readonly PowerCut[]
}

/** Brings together what is known of a job. */
class Finder {
  readonly #known: Known
  readonly #rows: ReadonlyMap<string, readonly Row[]>
  readonly #bootIds: readonly string[]
  readonly #outputs: Outputs

  constructor(
    known: Known,
    told: { rows: readonly Row[]; bootIds: readonly string[]; outputs: Outputs },
  ) {
    this.#known = known
    this.#rows = Map.groupBy(told.rows, keyOfRow)
    this.#bootIds = told.bootIds
    this.#outputs = told.outputs
  }

  static async of(rows: readonly Row[], known: Known): Promise<Finder> {
    const boots = known.lab.hosts.map((host) => host.run('cat /proc/sys/kernel/random/boot_id'))
    const bootIds = (await Promise.all(boots)).map(({ stdout }) => stdout.trim())
    const outputs = await readOutputs(
      known.errand,
      rows.map(({ jobId }) => jobId),
    )
    return new Finder(known, { rows, bootIds, outputs })
  }

  async find(job: PlannedJob): Promise<Case> {
    const { lab, powerCuts } = this.#known
    const rows = this.#rows.get(keyOfJob(job)) ?? []
    const file = lab.host(job.host).path(`${folder}/job-${job.number}`)
    const word = readOwnWord(await readFile(file, 'utf8').catch(() => ''))
    const bootId = this.#bootIds[job.host - 1] ?? ''
    const logs = outputOf(this.#outputs, rows[0]?.jobId)
    return { job, rows, word, bootId, powerCuts, logs }
  }
}

async function processesLeft(
  plan: Plan,
  { lab, rows }: { readonly lab: Lab; readonly rows: readonly Row[] },
): Promise<readonly string[]> {
  const ended = new Set(
    rows.filter(({ state }) => state === 'timed_out' || state === 'cancelled').map(keyOfRow),
  )
  const left: string[] = []
  for (const [index, host] of lab.hosts.entries()) {
    const { stdout } = await host.run(
      `for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline 2>/dev/null | grep -o 'chaos-child [0-9]* [0-9]*'; done; true`,
    )
    const numbers = stdout.split('\n').map((line) => Number(line.split(' ')[2]))
    const jobs = plan.jobs.filter(({ number }) => numbers.includes(number))
    const wrong = jobs.filter((job) => ended.has(keyOfJob(job)))
    left.push(...wrong.map((job) => `a child of job ${job.number} on ${hostName(index + 1)}`))
  }
  return left
}
