import { createHash } from 'node:crypto'
import { Random } from './random.ts'

export const hostCount = 3

/** What a job starts beside itself, and whether it minds being asked to end. */
export type Tree = 'plain' | 'children' | 'setsid' | 'double-fork' | 'stubborn'

/** What is to become of a job that nothing disturbs. */
export type Fate = 'ends' | 'times out' | 'is cancelled'

export interface PlannedJob {
  readonly number: number
  /** From 1. */
  readonly host: number
  readonly fate: Fate
  /** The time limit. */
  readonly limitSeconds: number
  /** It takes about half a second a step. */
  readonly steps: number
  /** Lines of standard output a step; standard error gets a quarter of them. */
  readonly linesPerStep: number
  /** Lines are filled with bytes that are no text. */
  readonly isBinary: boolean
  readonly exitCode: number
  readonly tree: Tree
}

/** `each`: one job a host, waited for by nobody. `loop`: some a host, several at a time. `polled`: the run waits. */
export type TaskKind = 'each' | 'loop' | 'polled'

export interface PlannedTask {
  readonly kind: TaskKind
  readonly jobs: readonly PlannedJob[]
}

export const faultKinds = [
  'controller killed',
  'agent killed',
  'power cut',
  'network cut',
  'host not heard',
  'host does not hear',
] as const

export type FaultKind = (typeof faultKinds)[number]

export interface PlannedFault {
  readonly kind: FaultKind
  /** From 1. */
  readonly host: number
  /** From the fault before to this one. */
  readonly gapMs: number
  /** How long the host stays off or out of reach. */
  readonly lastsMs: number
}

export interface Plan {
  readonly tasks: readonly PlannedTask[]
  readonly jobs: readonly PlannedJob[]
  /** In their order. A large plan has more than the time will allow: they go on while jobs are being started. */
  readonly faults: readonly PlannedFault[]
  /** So many faults are caused also when all jobs have been started before. */
  readonly leastFaults: number
  /** The same for the same plan. */
  readonly hash: string
}

/** A plan of fewer jobs has one round of faults, and short ones: it is soon over. */
const smallJobCount = 50

/** The jobs and the faults of a seed: always the same ones. */
export function makePlan(seed: number, jobCount: number): Plan {
  const random = new Random(seed)
  const tasks = planTasks(jobCount, random)
  const jobs = tasks.flatMap((task) => task.jobs)
  const leastFaults = Math.max(rounds.length, Math.ceil(jobCount / 10))
  const isSmall = jobCount < smallJobCount
  const faults = planFaults(isSmall ? leastFaults : leastFaults + jobCount, {
    random,
    mostMs: isSmall ? 2500 : 8000,
  })
  const hash = createHash('sha256').update(JSON.stringify({ tasks, faults })).digest('hex')
  return { tasks, jobs, faults, leastFaults, hash: hash.slice(0, 16) }
}

/** How many items a loop has on each host, at most. */
const mostItems = 10

function planTasks(jobCount: number, random: Random): readonly PlannedTask[] {
  const tasks: PlannedTask[] = []
  for (let done = 0; done < jobCount;) {
    const kind = random.weighted<TaskKind>([
      ['each', 6],
      ['loop', 3],
      ['polled', 1],
    ])
    const items = Math.min(mostItems, Math.ceil(jobCount / 30))
    const size = Math.min(hostCount * (kind === 'loop' ? items : 1), jobCount - done)
    const first = done + 1
    tasks.push({
      kind,
      jobs: Array.from({ length: size }, (_, index) => planJob(first + index, kind, random)),
    })
    done += size
  }
  return tasks
}

function planJob(number: number, kind: TaskKind, random: Random): PlannedJob {
  const fate = random.weighted<Fate>([
    ['ends', 84],
    // The items of a loop have one time limit, and what a run waits for should not keep it long.
    ['times out', kind === 'each' ? 8 : 0],
    ['is cancelled', kind === 'polled' ? 0 : 8],
  ])
  const isEnding = fate === 'ends'
  return {
    number,
    host: (number % hostCount) + 1,
    fate,
    limitSeconds: fate === 'times out' ? random.between(2, 5) : 900,
    steps: isEnding ? random.between(1, kind === 'polled' ? 6 : 20) : 1200,
    linesPerStep: random.weighted([
      [0, 2],
      [1, 8],
      [20, 8],
      [isEnding ? 200 : 50, 2],
      // What came in pieces of a job that its run has waited for is in the run's result alone.
      [isEnding && kind !== 'polled' ? 1500 : 20, 1],
    ]),
    isBinary: random.between(1, 4) === 1,
    exitCode: random.weighted([
      [0, 6],
      [random.between(1, 125), 2],
    ]),
    tree: random.weighted<Tree>([
      ['plain', 4],
      ['children', 2],
      ['setsid', 2],
      ['double-fork', 2],
      ['stubborn', 1],
    ]),
  }
}

/** Each round has them all, in an order of its own. */
const rounds: readonly FaultKind[] = ['controller killed', 'agent killed', ...faultKinds]

/** `mostMs`: how long a host stays away at most. */
function planFaults(
  count: number,
  { random, mostMs }: { readonly random: Random; readonly mostMs: number },
): readonly PlannedFault[] {
  const kinds = Array.from({ length: Math.ceil(count / rounds.length) }, () =>
    random.shuffled(rounds),
  ).flat()
  return kinds.slice(0, count).map((kind) => ({
    kind,
    host: random.between(1, hostCount),
    gapMs: random.between(200, mostMs / 2),
    lastsMs: random.between(300, mostMs),
  }))
}
