/**
 * The real keeper of jobs with its journal, spool, shims and processes, driven through random orders of what can happen to it,
 * by a controller that takes each end once. A failure prints the seed and the order.
 */
import assert from 'node:assert/strict'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pino } from 'pino'
import { findShimTools } from '../../../agent/host-facts.ts'
import { Jobs, type JobsOptions } from '../../../agent/jobs/jobs.ts'
import { findPrivilege } from '../../../agent/jobs/privilege.ts'
import { kernelFiles } from '../../../agent/jobs/process-identity.ts'
import { isFinal, type JobEvent, type JobSpec, type JobState } from '../../../proto/job.ts'
import { judge, submitting, type LifeWord } from '../../../proto/job-life.ts'
import fc from '../../support/properties.ts'
import { waitFor } from '../../support/wait-for.ts'
import { jobSpec, shell } from './test-agent.ts'

const shimFile = join(import.meta.dirname, '../../../agent/jobs/shim.sh')
/** Where nothing waits for a disk: thousands of small files are brought to it. */
const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
const tools = await findShimTools(shimFile)
const privilege = await findPrivilege(process.getuid?.() ?? 0)
const mostJobs = 3

/** What happens, and to which of the jobs so far: a number that is taken modulo how many there are. */
type Step =
  | { readonly do: 'submit'; readonly kind: keyof typeof endings }
  | { readonly do: 'again' | 'cancel' | 'open' | 'forget'; readonly job: number }
  | { readonly do: 'hear'; readonly acknowledged: number }
  | { readonly do: 'prune' }
  | { readonly do: 'die'; readonly isHeard: boolean; readonly with: Damage; readonly bytes: number }

/** What a crash between two writes leaves on the disk. */
type Damage = 'nothing' | 'torn journal' | 'no final report' | 'bare claim' | 'forgotten folder'

/** How each kind of job ends when nobody interferes. */
const endings = {
  succeeds: 'succeeded',
  fails: 'failed exit 3',
  dies: 'failed signal 9',
  waits: 'succeeded',
  inline: 'succeeded',
} as const

const job = fc.nat({ max: 30 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('submit' as const),
      kind: fc.constantFrom('succeeds', 'fails', 'dies', 'waits', 'waits', 'inline', 'inline'),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom('again', 'cancel', 'open', 'forget'), job }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('hear' as const), acknowledged: fc.nat({ max: 9 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'prune' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('die' as const),
      isHeard: fc.boolean(),
      with: fc.constantFrom<Damage[]>(
        'nothing',
        'torn journal',
        'no final report',
        'bare claim',
        'forgotten folder',
      ),
      bytes: fc.nat({ max: 800 }),
    }),
  },
)

test('Jobs gives each job one run and one right end, whatever is done to it in whatever order', async () => {
  const orders = fc.array(step, { minLength: 6, maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(orders, async (steps) => {
      const dir = mkdtempSync(join(place, 'errand-model-'))
      const stage = new Stage(dir)
      try {
        await stage.open()
        for (const each of steps) await stage.take(each)
        await stage.judgeAll()
      } finally {
        stage.close()
        rmSync(dir, { recursive: true, force: true })
      }
    }),
    { numRuns: 8, endOnFailure: true },
  )
})

/** One job of the order. */
interface Asked {
  readonly spec: JobSpec
  readonly kind: keyof typeof endings
  /** Ends that are right. */
  right: readonly string[]
  isOpened: boolean
}

/** The agent's jobs, and a controller. */
class Stage {
  readonly #dir: string
  readonly #spoolDir: string
  readonly #asked: Asked[] = []
  readonly #known = new Map<string, LifeWord>()
  readonly #ends = new Map<string, string>()
  readonly #forgotten: string[] = []
  readonly #bare: string[] = []
  #jobs: Jobs | undefined
  #journalId = ''
  #lastSeq = 0

  constructor(dir: string) {
    this.#dir = dir
    this.#spoolDir = join(dir, 'spool')
  }

  async open(): Promise<void> {
    const jobs = await Jobs.open(this.#options())
    this.#jobs = jobs
    // As when a controller connects: it says what it has, and begins anew where the journal did.
    jobs.meet(this.#lastSeq)
    if (jobs.journal.id !== this.#journalId) this.#lastSeq = 0
    this.#journalId = jobs.journal.id
  }

  close(): void {
    for (const asked of this.#asked) this.#open(asked)
    this.#jobs?.[Symbol.dispose]()
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'submit':
        return await this.#submit(step.kind)
      case 'hear':
        this.#hear()
        return this.#agent.journal.acknowledge(Math.max(0, this.#lastSeq - step.acknowledged))
      case 'prune':
        return await this.#prune()
      case 'die':
        if (step.isHeard) this.#hear()
        return await this.#restart({ damage: step.with, bytes: step.bytes })
      default: {
        const asked = this.#asked[step.job % Math.max(1, this.#asked.length)]
        if (asked) await this.#touch(step.do, asked)
      }
    }
  }

  /** Everything is let go, and heard to its end; then each job is asked for again, before and after a restart. */
  async judgeAll(): Promise<void> {
    for (const asked of this.#asked) this.#open(asked)
    await waitFor('all ends', () => {
      this.#hear()
      return this.#asked.every(({ spec }) => this.#ends.has(spec.jobId))
    })
    for (const when of ['before', 'after'] as const) {
      if (when === 'after') await this.#restart({ damage: 'nothing', bytes: 0 })
      for (const { spec, right } of this.#asked) {
        const { state } = await this.#agent.submit(spec)
        assert.equal(wordOf(state), this.#ends.get(spec.jobId), `${spec.jobId} ${when} a restart`)
        assert.ok(right.includes(wordOf(state)), `${wordOf(state)} is not ${right.join(' or ')}`)
      }
    }
    for (const { spec } of this.#asked) {
      const runs = this.#runsOf(spec)
      const isCancelled = this.#ends.get(spec.jobId) === 'cancelled'
      assert.ok(runs === 1 || (isCancelled && runs === 0), `${spec.jobId} ran ${runs} times`)
    }
  }

  get #agent(): Jobs {
    assert.ok(this.#jobs)
    return this.#jobs
  }

  async #restart({ damage, bytes }: { readonly damage: Damage; readonly bytes: number }) {
    this.#agent[Symbol.dispose]()
    this.#damage(damage, bytes)
    await this.open()
  }

  async #submit(kind: keyof typeof endings): Promise<void> {
    const jobId = this.#bare.pop()
    const work =
      kind === 'inline'
        ? ({ kind: 'operation', operation: 'mark', argsJson: '{}' } as const)
        : shell(this.#script(kind))
    const spec = jobSpec(work, { environment: { STAGE: this.#dir }, ...(jobId ? { jobId } : {}) })
    if (kind === 'inline') Object.assign(spec.work, { argsJson: JSON.stringify(spec.jobId) })
    this.#asked.push({ spec, kind, right: [endings[kind]], isOpened: false })
    await this.#agent.submit(spec)
  }

  #script(kind: keyof typeof endings): string {
    const script = {
      succeeds: '',
      fails: 'exit 3',
      dies: 'kill -s KILL $$',
      waits: 'until [ -e "$STAGE/open-$ERRAND_JOB_ID" ]; do sleep 0.02; done',
      inline: '',
    }
    return `echo x >>"$STAGE/ran-$ERRAND_JOB_ID"; ${script[kind]}`
  }

  async #touch(what: 'again' | 'cancel' | 'open' | 'forget', asked: Asked): Promise<void> {
    const { spec } = asked
    switch (what) {
      case 'again':
        await this.#agent.submit(spec)
        return
      case 'open':
        return this.#open(asked)
      case 'cancel': {
        const { state } = await this.#agent.cancel(spec.jobId, 200)
        // An end that was there before; a job may also have been cancelled by now.
        if (asked.right.length > 1 || (isFinal(state) && state.kind !== 'cancelled')) return
        asked.right = asked.isOpened ? [...asked.right, 'cancelled'] : ['cancelled']
        // Of the others nobody knows who was first.
        if (asked.kind !== 'waits') asked.right = [endings[asked.kind], 'cancelled']
        return
      }
      case 'forget': {
        this.#hear()
        const folder = join(this.#spoolDir, 'jobs', spec.jobId)
        if (!this.#ends.has(spec.jobId) || !existsSync(folder)) return
        cpSync(folder, join(this.#dir, 'copies', spec.jobId), { recursive: true })
        this.#forgotten.push(spec.jobId)
        await this.#agent.forget(spec.jobId)
      }
    }
  }

  #open(asked: Asked): void {
    asked.isOpened = true
    writeFileSync(join(this.#dir, `open-${asked.spec.jobId}`), '')
  }

  async #prune(): Promise<void> {
    this.#hear()
    this.#agent.journal.acknowledge(this.#lastSeq)
    const acknowledged = this.#asked.filter(({ spec }) => this.#ends.has(spec.jobId))
    if (acknowledged.length <= mostJobs) return
    await waitFor('old jobs to go', () => {
      this.#hear()
      this.#agent.journal.acknowledge(this.#lastSeq)
      return this.#agent.list().filter(({ state }) => isFinal(state)).length <= mostJobs
    })
  }

  /** All that there is to hear, each number once and in its turn. */
  #hear(): void {
    const { journal } = this.#agent
    for (let event = journal.next(this.#lastSeq); event; event = journal.next(this.#lastSeq)) {
      assert.equal(event.seq, this.#lastSeq + 1)
      this.#lastSeq = event.seq
      this.#learn(event)
    }
  }

  #learn({ report: { jobId, state } }: JobEvent): void {
    const known = this.#known.get(jobId) ?? submitting
    const end = this.#ends.get(jobId)
    if (end !== undefined) {
      // Told again, after what was lost: never another end.
      if (isFinal(state)) assert.equal(wordOf(state), end, `${jobId} has a second end`)
      return
    }
    assert.notEqual(judge(known, state), 'refused', `${jobId}: ${state.kind} after ${known.kind}`)
    this.#known.set(jobId, state)
    if (isFinal(state)) this.#ends.set(jobId, wordOf(state))
  }

  #damage(damage: Damage, bytes: number): void {
    const jobsDir = join(this.#spoolDir, 'jobs')
    switch (damage) {
      case 'nothing':
        return
      case 'torn journal': {
        const file = join(this.#spoolDir, 'journal')
        const text = readFileSync(file)
        const events = text.length - (text.indexOf('\n') + 1)
        return truncateSync(file, text.length - Math.min(bytes, events))
      }
      case 'no final report':
        for (const jobId of readdirSync(jobsDir))
          rmSync(join(jobsDir, jobId, 'final'), { force: true })
        return
      case 'bare claim': {
        const { jobId } = jobSpec(shell(''))
        this.#bare.push(jobId)
        return mkdirSync(join(jobsDir, jobId))
      }
      case 'forgotten folder': {
        const jobId = this.#forgotten.at(-1)
        if (jobId !== undefined)
          cpSync(join(this.#dir, 'copies', jobId), join(jobsDir, jobId), { recursive: true })
      }
    }
  }

  #runsOf({ jobId }: JobSpec): number {
    const file = join(this.#dir, `ran-${jobId}`)
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0
  }

  #options(): JobsOptions {
    return {
      tools,
      privilege,
      spoolDir: this.#spoolDir,
      kernel: kernelFiles,
      locale: undefined,
      cgroups: undefined,
      operations: {
        has: (operation) => operation === 'mark',
        run: (_operation, argsJson) => {
          appendFileSync(join(this.#dir, `ran-${JSON.parse(argsJson) as string}`), 'x\n')
          return Promise.resolve('{}')
        },
      },
      operationArgv: (operation) => ['false', operation],
      uploadFor: () => Promise.reject(new Error('nothing is uploaded here')),
      dropUpload: () => undefined,
      log: pino({ enabled: false }),
      quotaBytes: 1e6,
      totalQuotaBytes: 1e9,
      reserveBytes: 0,
      retention: { mostJobs, mostBytes: 1e9, oldestMs: 1e9 },
      sweepMs: 10,
    }
  }
}

/** An end in a few words: `failed exit 3`. */
function wordOf(state: JobState): string {
  if (state.kind !== 'failed') return state.kind
  const { failure } = state
  if (failure.kind === 'exit') return `failed exit ${failure.exitCode}`
  return failure.kind === 'signal' ? `failed signal ${failure.signal}` : `failed ${failure.message}`
}
