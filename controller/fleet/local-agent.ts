import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { ErrandError } from '../../proto/errors.ts'
import { newAgentId, type Authority } from './authority.ts'
import { parseIdentity } from './bootstrap/agent-commands.ts'
import type { Parcel } from './bootstrap/parcels.ts'

export interface LocalAgentOptions {
  readonly home: string
  readonly authority: Authority
  readonly nowMs: () => number
}

interface Abortable {
  readonly signal: AbortSignal
}

/** The host that the local agent is in the record. */
export const localHostName = 'localhost'

/** The longest path that a unix socket may have, with room to spare. */
const maxSocketPath = 100

/**
 * The agent of the controller's own machine and user, on a unix socket. The same program, the same TLS, the same code as
 * for any other host: only how it is put there differs.
 */
export class LocalAgent {
  /** Where it serves. */
  readonly socketPath: string
  readonly #options: LocalAgentOptions
  readonly #stateDir: string
  #program = ''

  constructor(options: LocalAgentOptions) {
    this.#options = options
    this.#stateDir = join(options.home, 'local-agent')
    this.socketPath = socketIn(this.#stateDir)
  }

  /**
   * Enrols it if need be, starts it if it does not run, and gives its id.
   *
   * @throws {ErrandError} `unreachable` when it does not start, with what it said.
   */
  async ensure(bundle: Parcel, { signal }: Abortable): Promise<string> {
    await mkdir(this.#stateDir, { recursive: true, mode: 0o700 })
    await mkdir(join(this.socketPath, '..'), { recursive: true, mode: 0o700 })
    await chmod(join(this.socketPath, '..'), 0o700)
    this.#program = await this.#lay(bundle)
    const agentId = await this.#enrol(signal)
    await this.#run(['launch', '--listen', `unix:${this.socketPath}`], { signal })
    return agentId
  }

  async #found(): Promise<string> {
    const files = await readdir(this.#stateDir).catch(() => [])
    const name = files.find((file) => /^agent-.*\.mjs$/u.test(file))
    return name === undefined ? '' : join(this.#stateDir, name)
  }

  /** Its own copy: the one that it comes from may be built anew while it runs. */
  async #lay({ path, hash }: Parcel): Promise<string> {
    const name = `agent-${hash.slice(0, 16)}.mjs`
    const program = join(this.#stateDir, name)
    const present = await readdir(this.#stateDir)
    if (!present.includes(name)) {
      await copyFile(path, `${program}.new`)
      await rename(`${program}.new`, program)
    }
    for (const old of present.filter((file) => /^agent-.*\.mjs/u.test(file) && file !== name)) {
      await rm(join(this.#stateDir, old), { force: true })
    }
    return program
  }

  /** Stops it; harmless when it does not run. Its jobs go on. */
  async stop({ signal }: Abortable): Promise<void> {
    if (this.#program === '') this.#program = await this.#found()
    if (this.#program !== '') await this.#run(['stop'], { signal })
  }

  /** Stops it and removes all that it keeps. */
  async remove({ signal }: Abortable): Promise<void> {
    await this.stop({ signal }).catch(() => undefined) // one that cannot be stopped does not run
    await rm(this.#stateDir, { recursive: true, force: true })
    await rm(this.socketPath, { force: true })
  }

  async #enrol(signal: AbortSignal): Promise<string> {
    const { authority, nowMs } = this.#options
    const file = join(this.#stateDir, 'agent.json')
    const identity = parseIdentity(await readFile(file, 'utf8').catch(() => undefined))
    if (identity.kind === 'damaged') await rm(file, { force: true })
    const verdict =
      identity.kind === 'enrolled'
        ? await authority.judge(identity.certificate, nowMs())
        : undefined
    if (verdict?.kind === 'valid') return verdict.agentId
    const agentId = verdict?.kind === 'old' ? verdict.agentId : newAgentId()
    const request = await this.#run(['request'], { signal })
    const certificate = await authority.signAgent(request, { agentId, nowMs: nowMs() })
    const { controllerId, authorityCertificate } = authority.identity
    const input = JSON.stringify({ controllerId, certificate, authority: authorityCertificate })
    await this.#run(['enrol', '--force'], { signal, input })
    return agentId
  }

  #run(
    words: readonly string[],
    options: Abortable & { readonly input?: string },
  ): Promise<string> {
    const [command = '', ...rest] = words
    const args = [this.#program, command, '--state', this.#stateDir, ...rest]
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, args, {
        stdio: ['pipe', 'pipe', 'pipe'],
        signal: options.signal,
      })
      const said: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' }
      child.stdout.on('data', (data: Buffer) => (said.stdout += data.toString()))
      child.stderr.on('data', (data: Buffer) => (said.stderr += data.toString()))
      child.stdin.on('error', () => undefined) // it may end without reading; its exit code tells
      child.stdin.end(options.input ?? '')
      child.once('error', (cause) => {
        reject(
          new ErrandError('unreachable', `the local agent does not start: ${cause.message}`, {
            cause,
          }),
        )
      })
      child.once('close', (code) => {
        if (code === 0) return resolve(said.stdout)
        const last = said.stderr.trim().split('\n').at(-1) ?? ''
        reject(new ErrandError('unreachable', `the local agent does not ${command}: ${last}`))
      })
    })
  }
}

function socketIn(stateDir: string): string {
  const beside = join(stateDir, 'agent.sock')
  if (Buffer.byteLength(beside) <= maxSocketPath) return beside
  const name = createHash('sha256').update(stateDir).digest('hex').slice(0, 16)
  return join(tmpdir(), `errand-${userInfo().uid}-${name}`, 'agent.sock')
}
