/**
 * The ports of a run, served by this very machine: jobs are real processes, uploads are files in memory. What is
 * missing is the way there (SSH, gRPC, the spool), which has its own tests.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { homedir, tmpdir, userInfo } from 'node:os'
import { basename, join } from 'node:path'
import type { OperationContext } from '../../agent/operations/operation.ts'
import { runOperation } from '../../agent/operations/table.ts'
import { untilAborted } from '../../proto/call.ts'
import { ErrandError } from '../../proto/errors.ts'
import { isFinal, type JobReport, type JobSpec, type JobState } from '../../proto/job.ts'
import type {
  AgentsPort,
  HeldJob,
  HostTarget,
  JobOrigin,
  JobView,
  JobsPort,
  PreparedHost,
  StartOptions,
} from '../../controller/run/ports.ts'

interface FakeJob {
  readonly host: HostTarget
  readonly spec: JobSpec
  readonly origin: JobOrigin
  state: JobState
  stdout: Uint8Array
  stderr: Uint8Array
  skippedBecause: string | undefined
  isForgotten: boolean
  readonly ended: Promise<void>
  kill: () => void
}

export interface FakeAgentsOptions {
  /** Hosts that do not answer, and what their UNREACHABLE line says. */
  readonly unreachable?: Readonly<Record<string, string>>
  /** Programs by the path that a playbook names, and what stands in for them here. */
  readonly programs?: Readonly<Record<string, readonly string[]>>
}

const boot = 'fake-boot'
const never = new Promise<never>(() => {})

/** Agents of any host by name, all of them here. */
export class FakeAgents implements AgentsPort, JobsPort, AsyncDisposable {
  readonly started: { readonly spec: JobSpec; readonly origin: JobOrigin }[] = []
  readonly prepared: HostTarget[] = []
  /** Jobs that wait for their host. */
  readonly held = new Map<string, HeldJob>()
  readonly gaveUp = new Map<string, 'expired' | 'cancelled'>()
  readonly #options: FakeAgentsOptions
  readonly #jobs = new Map<string, FakeJob>()
  readonly #uploads = new Map<string, string>()
  #folder: Promise<string> | undefined

  constructor(options: FakeAgentsOptions = {}) {
    this.#options = options
  }

  prepare(target: HostTarget): Promise<PreparedHost> {
    const why = this.#options.unreachable?.[target.name]
    if (why !== undefined) return Promise.reject(new ErrandError('unreachable', why))
    this.prepared.push(target)
    const { username, uid } = userInfo()
    return Promise.resolve({
      target,
      agentId: `agent-${target.name}`,
      agentUser: username,
      isRoot: uid === 0,
    })
  }

  async start(host: PreparedHost, spec: JobSpec, { origin }: StartOptions): Promise<JobReport> {
    const known = this.#jobs.get(spec.jobId)
    if (known) return reportOf(known)
    this.started.push({ spec, origin })
    const job = await this.#begin(host.target, spec, origin)
    this.#jobs.set(spec.jobId, job)
    return reportOf(job)
  }

  hold(job: HeldJob): Promise<void> {
    this.held.set(job.jobId, job)
    return Promise.resolve()
  }

  giveUp(jobId: string, kind: 'expired' | 'cancelled'): Promise<void> {
    if (!this.#jobs.has(jobId) && !this.gaveUp.has(jobId)) this.gaveUp.set(jobId, kind)
    return Promise.resolve()
  }

  recorded(jobId: string): Promise<JobReport | undefined> {
    const job = this.#jobs.get(jobId)
    const kind = this.gaveUp.get(jobId)
    return Promise.resolve(kind ? unsentReport(jobId, kind) : job && reportOf(job))
  }

  async wait(jobId: string, { signal }: { readonly signal: AbortSignal }): Promise<JobReport> {
    if (this.held.has(jobId) && !this.#jobs.has(jobId)) await untilAborted(never, signal)
    const job = this.#find(jobId)
    signal.throwIfAborted()
    await new Promise<void>((resolve, reject) => {
      const stop = () => {
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', stop, { once: true })
      const ended = () => {
        signal.removeEventListener('abort', stop)
        resolve()
      }
      job.ended.then(ended, reject)
    })
    return reportOf(job)
  }

  look(jobId: string): Promise<JobView> {
    try {
      const job = this.#find(jobId)
      return Promise.resolve({ host: job.origin.host, report: reportOf(job) })
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)))
    }
  }

  output(jobId: string, stream: 'stdout' | 'stderr'): Promise<Uint8Array> {
    return Promise.resolve(this.#find(jobId)[stream])
  }

  async cancel(jobId: string): Promise<JobReport> {
    const job = this.#find(jobId)
    job.kill()
    await job.ended
    return reportOf(job)
  }

  forget(jobId: string): Promise<void> {
    this.#find(jobId).isForgotten = true
    return Promise.resolve()
  }

  async upload(
    _host: PreparedHost,
    content: Uint8Array | { readonly path: string },
  ): Promise<string> {
    const bytes = content instanceof Uint8Array ? content : await readFile(content.path)
    this.#folder ??= mkdtemp(join(tmpdir(), 'errand-fake-'))
    const id = `upload-${this.#uploads.size + 1}`
    const path = join(await this.#folder, id)
    await writeFile(path, bytes, { mode: 0o700 })
    this.#uploads.set(id, path)
    return id
  }

  async *download(_host: PreparedHost, path: string): AsyncIterable<Uint8Array> {
    yield await readFile(path)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const job of this.#jobs.values()) {
      job.kill()
      await job.ended
    }
    if (this.#folder) await rm(await this.#folder, { recursive: true, force: true })
  }

  /** The argument list that is really started. */
  protected argvOf(_host: HostTarget, argv: readonly string[]): readonly string[] {
    const [program = '', ...words] = argv
    return [...(this.#options.programs?.[program] ?? [program]), ...words]
  }

  /** Runs one of the agent's operations to its JSON. */
  protected operate(
    _host: HostTarget,
    work: { readonly operation: string; readonly argsJson: string },
    context: OperationContext,
  ): Promise<string> {
    return runOperation(work.operation, work.argsJson, context)
  }

  #find(jobId: string): FakeJob {
    const job = this.#jobs.get(jobId)
    if (!job || job.isForgotten) throw new ErrandError('not_found', `there is no job ${jobId}`)
    return job
  }

  async #begin(host: HostTarget, spec: JobSpec, origin: JobOrigin): Promise<FakeJob> {
    const startedAtMs = Date.now()
    const end: PromiseWithResolvers<void> = Promise.withResolvers()
    const job: FakeJob = {
      host,
      spec,
      origin,
      state: {
        kind: 'running',
        process: { pid: process.pid, startTicks: '1', bootId: boot },
        startedAtMs,
      },
      stdout: new Uint8Array(),
      stderr: new Uint8Array(),
      skippedBecause: undefined,
      isForgotten: false,
      ended: end.promise,
      kill: () => undefined,
    }
    const finish = (state: JobState) => {
      if (isFinal(job.state)) return
      job.state = state
      end.resolve()
    }
    if (spec.work.kind === 'operation') await this.#operate(job, finish)
    else if (await this.#isSkipped(job))
      finish({ kind: 'succeeded', startedAtMs, endedAtMs: Date.now() })
    else this.#spawn(job, finish)
    return job
  }

  async #operate(job: FakeJob, finish: (state: JobState) => void): Promise<void> {
    const { work } = job.spec
    if (work.kind !== 'operation' || job.state.kind !== 'running') return
    const { startedAtMs } = job.state
    const stopped = new AbortController()
    job.kill = () => {
      stopped.abort()
    }
    const context = {
      uploadPath: (id: string) => this.#uploads.get(id),
      environment: process.env,
      signal: stopped.signal,
    }
    try {
      job.stdout = Buffer.from(await this.operate(job.host, work, context))
      finish({ kind: 'succeeded', startedAtMs, endedAtMs: Date.now() })
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      const failure = { kind: 'start', errno: 'ENOSYS', message } as const
      finish({ kind: 'failed', failure, startedAtMs, endedAtMs: Date.now() })
      job.stderr = Buffer.from(message)
    }
  }

  async #isSkipped(job: FakeJob): Promise<boolean> {
    const { work } = job.spec
    if (work.kind !== 'command') return false
    const cwd = job.spec.cwd ?? homedir()
    if (work.creates !== undefined && (await exists(cwd, work.creates))) {
      job.skippedBecause = `skipped, since ${work.creates} exists`
    } else if (work.removes !== undefined && !(await exists(cwd, work.removes))) {
      job.skippedBecause = `skipped, since ${work.removes} does not exist`
    }
    if (work.checkOnly) job.skippedBecause ??= ''
    return job.skippedBecause !== undefined
  }

  #spawn(job: FakeJob, finish: (state: JobState) => void): void {
    const { spec } = job
    if (spec.work.kind !== 'command' || job.state.kind !== 'running') return
    const { startedAtMs } = job.state
    const uploaded =
      spec.work.uploadId === undefined ? undefined : this.#uploads.get(spec.work.uploadId)
    const [given = '', ...rest] = spec.work.argv
    const [program = '', ...words] = this.argvOf(job.host, [uploaded ?? given, ...rest])
    const env = { ...process.env, ...spec.environment }
    const child = spawn(program, words, {
      cwd: spec.cwd ?? homedir(),
      env,
      detached: true,
    })
    if (child.pid !== undefined) {
      job.state = {
        kind: 'running',
        process: { pid: child.pid, startTicks: '1', bootId: boot },
        startedAtMs,
      }
    }
    const ended = () => ({ startedAtMs, endedAtMs: Date.now() })
    let why: 'timed_out' | 'cancelled' | undefined
    const stop = (reason: 'timed_out' | 'cancelled') => {
      why = reason
      if (child.pid !== undefined) killGroup(child.pid)
    }
    job.kill = () => {
      stop('cancelled')
    }
    const limit =
      spec.timeLimitMs > 0
        ? setTimeout(() => {
            stop('timed_out')
          }, spec.timeLimitMs)
        : undefined
    child.stdout.on('data', (chunk: Buffer) => {
      job.stdout = Buffer.concat([job.stdout, chunk])
    })
    child.stderr.on('data', (chunk: Buffer) => {
      job.stderr = Buffer.concat([job.stderr, chunk])
    })
    child.stdin.on('error', () => undefined) // a program need not read what it is given
    child.stdin.end(spec.stdin ?? '')
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(limit)
      finish({ kind: 'failed', failure: notStarted(given, error), ...ended() })
    })
    child.on('close', (code, signal) => {
      clearTimeout(limit)
      if (why) return finish({ kind: why, ...ended() })
      if (code === 0) return finish({ kind: 'succeeded', ...ended() })
      const failure = code === null ? signalOf(signal) : ({ kind: 'exit', exitCode: code } as const)
      finish({ kind: 'failed', failure, ...ended() })
    })
  }
}

/** In the words of the agent, which are Python's. */
function notStarted(program: string, error: NodeJS.ErrnoException) {
  const errno = error.code ?? 'EIO'
  const message =
    errno === 'ENOENT' ? `[Errno 2] No such file or directory: b'${program}'` : error.message
  return { kind: 'start', errno, message } as const
}

function signalOf(name: NodeJS.Signals | null) {
  const numbers: Readonly<Record<string, number>> = {
    SIGHUP: 1,
    SIGINT: 2,
    SIGKILL: 9,
    SIGTERM: 15,
  }
  return { kind: 'signal', signal: numbers[name ?? ''] ?? 0 } as const
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // it has ended by itself
  }
}

async function exists(cwd: string, path: string): Promise<boolean> {
  const whole = path.startsWith('~/')
    ? join(homedir(), path.slice(2))
    : path.startsWith('/')
      ? path
      : join(cwd, path)
  return await stat(whole).then(
    () => true,
    () => false,
  )
}

function reportOf(job: FakeJob): JobReport {
  const { stdout, stderr } = job
  return {
    jobId: job.spec.jobId,
    name: basename(job.spec.name),
    state: job.state,
    stdout: { keptBytes: stdout.byteLength, droppedBytes: 0 },
    stderr: { keptBytes: stderr.byteLength, droppedBytes: 0 },
    containment: 'session',
    ...(job.skippedBecause === undefined ? {} : { skippedBecause: job.skippedBecause }),
    ...(isFinal(job.state) ? { inlineOutput: { stdout, stderr } } : {}),
  }
}

function unsentReport(jobId: string, kind: 'expired' | 'cancelled'): JobReport {
  const none = { keptBytes: 0, droppedBytes: 0 }
  const state = { kind, startedAtMs: 0, endedAtMs: 0 }
  return { jobId, name: '', state, stdout: none, stderr: none, containment: 'none' }
}
