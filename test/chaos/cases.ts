import { readFile } from 'node:fs/promises'
import type { Lab } from '../lab/lab.ts'
import type { LabHost } from '../lab/lab-host.ts'
import type { Errand } from '../support/errand.ts'
import type { PowerCut } from './faults.ts'
import { folder, readOwnWord } from './job-program.ts'
import type { Case, Row } from './judge.ts'
import { outputOf, readOutputs } from './outputs.ts'
import type { Plan } from './plan.ts'
import { keyOfJob, keyOfRow } from './rows.ts'
import { within } from './within.ts'

export interface Found {
  readonly lab: Lab
  readonly errand: Errand
  readonly rows: readonly Row[]
  readonly powerCuts: readonly PowerCut[]
}

/** How long one look into a host may take. */
const lookMs = 60_000

/** Brings together what is known of each job of the plan. */
export async function findCases(plan: Plan, found: Found): Promise<readonly Case[]> {
  const { lab, errand, rows, powerCuts } = found
  const bootIds = await Promise.all(
    lab.hosts.map((host) => lookInto(host, 'cat /proc/sys/kernel/random/boot_id')),
  )
  const outputs = await readOutputs(
    errand,
    rows.map(({ jobId }) => jobId),
  )
  const byKey = Map.groupBy(rows, keyOfRow)
  return Promise.all(
    plan.jobs.map(async (job) => {
      const own = byKey.get(keyOfJob(job)) ?? []
      const file = lab.host(job.host).path(`${folder}/job-${job.number}`)
      const word = readOwnWord(await readFile(file, 'utf8').catch(() => ''))
      const bootId = bootIds[job.host - 1]?.trim() ?? ''
      const logs = outputOf(outputs, own[0]?.jobId)
      return { job, rows: own, word, bootId, powerCuts, logs }
    }),
  )
}

/** Processes of jobs that had timed out or been cancelled, in sentences. */
export async function leftBehind({ lab, rows }: Found): Promise<readonly string[]> {
  const isEnded = ({ state }: Row) => state === 'timed_out' || state === 'cancelled'
  const ended = new Set(rows.filter(isEnded).map(keyOfRow))
  const left: string[] = []
  for (const host of lab.hosts) {
    const words = await lookInto(
      host,
      `for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline 2>/dev/null | grep -o 'chaos-child [0-9]* [0-9]*'; done; true`,
    )
    const numbers = new Set(words.split('\n').map((line) => line.split(' ')[2]))
    for (const number of numbers) {
      if (ended.has(`${host.name} ${number}`)) left.push(`a child of job ${number} on ${host.name}`)
    }
  }
  return left
}

async function lookInto(host: LabHost, script: string): Promise<string> {
  const what = `a look into ${host.name}`
  const { stdout } = await within(what, lookMs, (signal) => host.run(script, { signal }))
  return stdout
}
