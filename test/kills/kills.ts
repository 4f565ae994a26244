import { Random } from '../chaos/random.ts'
import type { Lab } from '../lab/lab.ts'
import type { Errand } from '../support/errand.ts'
import { ControllerKiller } from './controller-killer.ts'
import { judgeMarks } from './judge.ts'
import { expectedMarks, files, marksFile } from './playbook.ts'

/** Hosts with agents, and an errand whose inventory `hosts` has them. */
export interface Ground {
  readonly lab: Lab
  readonly errand: Errand
}

export interface Plan {
  readonly seed: number
  readonly kills: number
  /** How long a run may take. */
  readonly runMs: number
  /** Told of each run that was killed and is over. */
  readonly onRun?: (line: string) => void
}

/** What came out. */
export interface Report {
  readonly runs: number
  readonly kills: number
  readonly faults: readonly Fault[]
}

/** A broken promise. */
export interface Fault {
  readonly kind: FaultKind
  readonly sentence: string
}

export type FaultKind = 'double' | 'missing' | 'stuck' | 'wrong recap'

interface RunOver {
  readonly number: number
  readonly runId: string
  /** The recap and the exit code; undefined when the run did not come to its end in time. */
  readonly end: string | undefined
}

/** Carries the playbook out again and again until so many controllers were killed, and judges each run by one that nobody disturbed. */
export async function kills(ground: Ground, plan: Plan): Promise<Report> {
  const { errand } = ground
  for (const [name, text] of Object.entries(files)) await errand.write(name, text)
  const calm = await carryOut(0, { errand, plan })
  const faults = [...(await faultsOf(calm, calm, ground))]
  const random = new Random(plan.seed)
  const killer = new ControllerKiller(errand.home, random)
  let runs = 0
  while (killer.kills < plan.kills) {
    runs += 1
    const before = killer.kills
    // Then it is left alone, so that one that does not end is stuck for no other reason.
    const most = random.between(4, 12)
    const run = await carryOut(runs, {
      errand,
      plan,
      meanwhile: (signal) => killer.go(Math.min(plan.kills, before + most), { signal }),
    })
    const found = await faultsOf(run, calm, ground)
    faults.push(...found)
    plan.onRun?.(`run ${runs}: ${killer.kills - before} kills, ${found.length} faults\n`)
  }
  return { runs, kills: killer.kills, faults }
}

interface Carrying {
  readonly errand: Errand
  readonly plan: Plan
  /** What is done from its start to its end. */
  readonly meanwhile?: (signal: AbortSignal) => Promise<void>
}

async function carryOut(
  number: number,
  { errand, plan, meanwhile = async () => {} }: Carrying,
): Promise<RunOver> {
  const asked = ['run', '--detach', '-i', 'hosts', '-e', `number=${number}`, 'kills.yml']
  const started = await errand.run(asked)
  if (started.code !== 0) throw new Error(`errand run: ${started.stderr}`)
  const runId = started.stdout.trim()
  const over = new AbortController()
  const [end] = await Promise.all([
    watched(runId, { errand, timeoutMs: plan.runMs }).finally(() => over.abort()),
    meanwhile(over.signal),
  ])
  if (end === undefined) await errand.run(['stop', runId])
  return { number, runId, end }
}

/** @returns The recap and the exit code; undefined when the time was up. */
async function watched(
  runId: string,
  { errand, timeoutMs }: { readonly errand: Errand; readonly timeoutMs: number },
): Promise<string | undefined> {
  const signal = AbortSignal.timeout(timeoutMs)
  while (!signal.aborted) {
    // Who watches may give up when no controller comes up in time: the run itself goes on with the next one.
    const { code, stdout } = await errand
      .run(['attach', runId], { signal })
      .catch((error: unknown) => {
        if (signal.aborted) return { code: -1, stdout: '' }
        throw error
      })
    const recap = stdout.indexOf('PLAY RECAP')
    if (recap >= 0) return `${stdout.slice(recap)}exit code ${code}`
    if (stdout.includes('ERROR!')) return `${stdout.slice(-500)}exit code ${code}`
  }
  return undefined
}

async function faultsOf(run: RunOver, calm: RunOver, { lab }: Ground): Promise<readonly Fault[]> {
  const where = `run ${run.number} (${run.runId})`
  if (run.end === undefined) return [{ kind: 'stuck', sentence: where }]
  const faults: Fault[] = []
  if (run.end !== calm.end) faults.push({ kind: 'wrong recap', sentence: `${where}: ${run.end}` })
  for (const [index, host] of lab.hosts.entries()) {
    const { stdout } = await host.run(`cat ${marksFile(run.number)}`)
    const expected = expectedMarks(host.name, { isFirst: index === 0 })
    const { doubles, missing } = judgeMarks(stdout.trim().split('\n'), expected)
    const told = (line: string) => `${where}, ${host.name}: ${line}`
    faults.push(...doubles.map((line) => ({ kind: 'double' as const, sentence: told(line) })))
    faults.push(...missing.map((line) => ({ kind: 'missing' as const, sentence: told(line) })))
  }
  return faults
}
