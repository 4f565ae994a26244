/** A real agent process with real TLS from a test authority, and a client that speaks to it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Authority } from '../../../controller/fleet/authority.ts'
import { enrol, requestCertificate } from '../../../agent/enrol.ts'
import { stateFolder } from '../../../agent/state-folder.ts'
import { newJobId, type JobSpec, type JobWork } from '../../../proto/job.ts'
import { waitFor } from '../../support/wait-for.ts'
import { TestClient } from './test-client.ts'

const main = join(import.meta.dirname, '../../../agent/main.ts')

/** Where an agent listens, as its state folder says. */
interface Listening {
  readonly port: number
  readonly pid: number
  readonly agentId: string
}

export interface TestAgentOptions {
  /** More flags for `serve`. */
  readonly flags?: readonly string[]
  /** Default: a free one. */
  readonly port?: number
}

/** One agent on this host, in a state folder of its own. */
export class TestAgent {
  readonly stateDir: string
  readonly authority: Authority
  flags: readonly string[]
  /** Words before the runtime: to start it as somebody, somewhere. */
  wrap: readonly string[] = []
  /** The runtime, its flags and the program. */
  runtime: readonly string[] = [process.execPath, main]
  readonly #clients: TestClient[] = []
  agentId = ''
  /** The controller's home, where the authority has its keys. */
  home = ''
  process: ChildProcess | undefined
  port = 0

  constructor(stateDir: string, authority: Authority, flags: readonly string[]) {
    this.stateDir = stateDir
    this.authority = authority
    this.flags = flags
  }

  /** Runs `errand-agent` with this agent's state folder. */
  async run(
    command: string,
    options: { readonly input?: string; readonly flags?: readonly string[] } = {},
  ) {
    return await runAgent(
      [command, '--state', this.stateDir, ...(options.flags ?? [])],
      options.input ?? '',
    )
  }

  /** Starts the agent and waits until it listens. */
  async start(): Promise<void> {
    const argv = [
      'serve',
      '--state',
      this.stateDir,
      '--port',
      '0',
      '--listen',
      '127.0.0.1',
      ...this.flags,
    ]
    const [program = process.execPath, ...words] = [...this.wrap, ...this.runtime, ...argv]
    const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] })
    let log = ''
    child.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString('utf8')
    })
    this.process = child
    const listening = await waitFor('the agent to listen', () => {
      if (child.exitCode !== null) throw new Error(`the agent ended: ${log}`)
      const text = readFileSync(join(this.stateDir, 'listening.json'), 'utf8')
      const found = JSON.parse(text) as Listening
      return found.pid === child.pid || this.wrap.length > 0 ? found : undefined
    })
    this.port = listening.port
    this.agentId = listening.agentId
  }

  /** Ends the agent's process by a signal; its jobs stay. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.process
    if (child?.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }

  /** A connected client of the agent's own controller. */
  async connect(lastSeq = 0): Promise<TestClient> {
    const client = await TestClient.connect(this, lastSeq)
    this.#clients.push(client)
    return client
  }

  /** Closes clients, ends the agent and whatever it still runs. */
  async dispose(): Promise<void> {
    for (const client of this.#clients) client.close()
    await this.kill('SIGKILL')
    rmSync(this.stateDir, { recursive: true, force: true })
  }
}

/** Who cleans up: a test, or a file's hooks. */
export interface Owner {
  after(cleanUp: () => Promise<void>): void
}

/** Makes, enrols and starts an agent; the test's end removes it. */
export async function startAgent(
  t: Owner,
  { flags = [] }: TestAgentOptions = {},
): Promise<TestAgent> {
  const agent = await enrolledAgent(t, flags)
  await agent.start()
  return agent
}

/** An agent that has its certificate and does not run yet. */
export async function enrolledAgent(t: Owner, flags: readonly string[] = []): Promise<TestAgent> {
  const home = mkdtempSync(join(tmpdir(), 'errand-authority-'))
  const authority = await Authority.open(home, Date.now())
  const stateDir = mkdtempSync(join(tmpdir(), 'errand-agent-'))
  const agent = new TestAgent(stateDir, authority, flags)
  agent.home = home
  t.after(async () => {
    await agent.dispose()
    rmSync(home, { recursive: true, force: true })
  })
  await enrolAt(agent)
  return agent
}

/** Enrols inside this process: a whole one for each step costs seconds on a busy machine. */
export async function enrolAt(agent: TestAgent): Promise<void> {
  const folder = stateFolder(agent.stateDir)
  const { agentId, request } = requestCertificate(folder)
  const certificate = await agent.authority.signAgent(request, { agentId, nowMs: Date.now() })
  const { controllerId, authorityCertificate } = agent.authority.identity
  enrol(folder, { controllerId, certificate, authority: authorityCertificate }, { force: false })
}

/** Runs `errand-agent` to its end. */
export async function runAgent(argv: readonly string[], input = '') {
  const child = spawn(process.execPath, [main, ...argv], { stdio: ['pipe', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')))
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

/** A spec with everything that is usually left alone. */
export function jobSpec(work: JobWork, more: Partial<JobSpec> = {}): JobSpec {
  return {
    jobId: newJobId(Date.now()),
    name: 'a test',
    work,
    runAs: { user: '', method: 'none' },
    environment: {},
    timeLimitMs: 0,
    graceMs: 300,
    ...more,
  }
}

/** The work of one command line. */
export function command(...argv: readonly string[]): JobWork {
  return { kind: 'command', argv, checkOnly: false }
}

/** A shell script as a command. */
export function shell(script: string): JobWork {
  return command('/bin/sh', '-c', script)
}
