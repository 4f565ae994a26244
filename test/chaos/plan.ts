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
  /** It takes about a quarter of a second a step. */
  readonly steps: number
  /** Lines of standard output a step; standard error gets a quarter of them. */
  readonly linesPerStep: number
  readonly exitCode: number
  readonly tree: Tree
}

export type FaultKind =
  | 'controller killed'
  | 'agent killed'
  | 'power cut'
  | 'network cut'
  | 'network cut one way'

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
  readonly jobs: readonly PlannedJob[]
  /** In their order, more than the time will allow: they go on while jobs are being started. */
  readonly faults: readonly PlannedFault[]
  /** The same for the same plan. */
  readonly hash: string
}

/** The jobs and the faults of a seed: always the same ones. */
export function makePlan(seed: number, jobCount: number): Plan {
  const random = new Random(seed)
  const jobs = Array.from({ length: jobCount }, (_, index) => planJob(index, random))
  const faults = Array.from({ length: jobCount }, () => planFault(random))
  const hash = createHash('sha256').update(JSON.stringify({ jobs, faults })).digest('hex')
  return { jobs, faults, hash: hash.slice(0, 16) }
}

function planJob(index: number, random: Random): PlannedJob {
  const fate = random.weighted<Fate>([
    ['ends', 84],
    ['times out', 8],
    ['is cancelled', 8],
  ])
  return {
    number: index + 1,
    host: (index % hostCount) + 1,
    fate,
    limitSeconds: fate === 'times out' ? random.between(2, 5) : 900,
    steps: fate === 'ends' ? random.between(1, 40) : 3000,
    linesPerStep: random.weighted([
      [0, 1],
      [1, 4],
      [20, 4],
      [fate === 'ends' ? 200 : 50, 1],
    ]),
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

function planFault(random: Random): PlannedFault {
  return {
    kind: random.weighted<FaultKind>([
      ['controller killed', 3],
      ['agent killed', 3],
      ['power cut', 1],
      ['network cut', 1],
      ['network cut one way', 1],
    ]),
    host: random.between(1, hostCount),
    gapMs: random.between(500, 4000),
    lastsMs: random.between(500, 8000),
  }
}
