import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Client, ClientChannel } from 'ssh2'
import { abortReason } from '../../../proto/call.ts'
import { ErrandError } from '../../../proto/errors.ts'
import { writeAll } from './write-all.ts'

/** How a script gets other rights than the login's own. */
export interface Elevation {
  /** Words before the shell: `sudo -n -u root`. The shell's own words come after it, quoted by `wrap`. */
  readonly wrap: (command: string) => string
  /** Given when it asks; never an argument. */
  readonly password: string | undefined
  /** For the sentence when it does not work: `sudo`. */
  readonly name: string
}

export interface RunOptions {
  readonly signal: AbortSignal
  /** What the script reads from standard input. */
  readonly input?: Readable | Uint8Array | string
  readonly elevation?: Elevation | undefined
}

/** What a script said. Start files of the login may print: only what came after the script began is here. */
export interface ShellResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs POSIX shell scripts on a host over one SSH connection. The script travels on standard input, so that neither
 * the login shell's quoting nor an argument list matters, and what the script itself reads comes behind it.
 */
export class RemoteShell {
  readonly #client: Client
  readonly #host: string

  constructor(client: Client, host: string) {
    this.#client = client
    this.#host = host
  }

  /**
   * Runs a script to its end.
   *
   * @throws {ErrandError} `unreachable` when the connection breaks off; `denied` when the elevation does not work.
   */
  async run(script: string, options: RunOptions): Promise<ShellResult> {
    const { signal, elevation } = options
    const marker = `errand-${randomBytes(8).toString('hex')}`
    const body = Buffer.from(script)
    const command = stub(marker, body.length)
    const channel = await this.#open(elevation ? elevation.wrap(command) : command, signal)
    const talk = new Talk(channel, { marker, elevation, host: this.#host })
    const stop = () => {
      channel.destroy()
    }
    signal.addEventListener('abort', stop, { once: true })
    try {
      await Promise.race([this.#converse(talk, { channel, body, options }), talk.closed])
      return await talk.closed
    } catch (error) {
      channel.destroy()
      if (signal.aborted) throw abortReason(signal)
      throw error
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  async #converse(
    talk: Talk,
    parts: { readonly channel: ClientChannel; readonly body: Buffer; readonly options: RunOptions },
  ): Promise<void> {
    await talk.begun
    await writeAll(parts.channel, [parts.body], parts.options.signal)
    const { input } = parts.options
    if (typeof input === 'string')
      await writeAll(parts.channel, [Buffer.from(input)], parts.options.signal)
    else if (input instanceof Uint8Array)
      await writeAll(parts.channel, [input], parts.options.signal)
    else if (input) await writeAll(parts.channel, input, parts.options.signal)
    parts.channel.end()
  }

  #open(command: string, signal: AbortSignal): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(abortReason(signal))
      const fail = (cause: Error) => {
        reject(
          new ErrandError('unreachable', `${this.#host} opens no shell: ${cause.message}`, {
            cause,
          }),
        )
      }
      try {
        this.#client.exec(command, (error, channel) => {
          if (error) fail(error)
          else resolve(channel)
        })
      } catch (error) {
        fail(error instanceof Error ? error : new Error(String(error))) // ssh2 throws when the connection is gone
      }
    })
  }
}

/** `dd` takes exactly the script from standard input, a byte a read; shells themselves may read ahead. */
function stub(marker: string, bytes: number): string {
  return `/bin/sh -c 'echo ${marker}; s=$(dd bs=1 count=${bytes} 2>/dev/null); eval "$s"'`
}

interface TalkOptions {
  readonly marker: string
  readonly elevation: Elevation | undefined
  readonly host: string
}

/** Both streams of one channel: finds where the script begins, answers a password prompt on the way. */
class Talk {
  /** Resolves when the stub waits for the script. */
  readonly begun: Promise<void>
  readonly closed: Promise<ShellResult>
  readonly #channel: ClientChannel
  readonly #options: TalkOptions
  readonly #stdout: Buffer[] = []
  readonly #stderr: Buffer[] = []
  readonly #began: () => void
  readonly #failed: (error: Error) => void
  #isBegun = false
  #before = ''
  #passwordsSaid = 0
  #exitCode = 255

  constructor(channel: ClientChannel, options: TalkOptions) {
    this.#channel = channel
    this.#options = options
    const begun = Promise.withResolvers<void>()
    const closed = Promise.withResolvers<ShellResult>()
    this.begun = begun.promise
    this.closed = closed.promise
    this.#began = begun.resolve
    this.#failed = closed.reject
    channel.on('data', (data: Buffer) => {
      this.#onStdout(data)
    })
    channel.stderr.on('data', (data: Buffer) => {
      this.#onStderr(data)
    })
    channel.on('error', () => {
      // Its close comes next and says all that there is to say.
    })
    channel.on('exit', (code: number | null) => {
      this.#exitCode = code ?? 255
    })
    channel.on('close', () => {
      if (this.#isBegun) closed.resolve(this.#result())
      else closed.reject(this.#notBegun())
    })
  }

  #result(): ShellResult {
    const [stdout, stderr] = [this.#stdout, this.#stderr].map((chunks) =>
      Buffer.concat(chunks).toString(),
    )
    return { exitCode: this.#exitCode, stdout: stdout ?? '', stderr: stderr ?? '' }
  }

  #onStdout(data: Buffer): void {
    if (this.#isBegun) this.#stdout.push(data)
    else this.#look(data)
  }

  #onStderr(data: Buffer): void {
    if (this.#isBegun) this.#stderr.push(data)
    else this.#look(data)
  }

  #look(data: Buffer): void {
    this.#before += data.toString('latin1')
    const { marker, elevation } = this.#options
    if (this.#before.includes(`${marker}\n`)) {
      this.#isBegun = true
      this.#began()
    } else if (
      elevation &&
      /(?:assword|asswort|mot de passe)[^\n]*:\s*$|errand-password:$/iu.test(this.#before)
    ) {
      this.#before = ''
      this.#answerPrompt(elevation)
    }
  }

  #answerPrompt({ password, name }: Elevation): void {
    const { host } = this.#options
    if (password === undefined) {
      this.#failed(
        new ErrandError('denied', `${host}: ${name} asks for a password, and none was given`),
      )
    } else if (this.#passwordsSaid > 0) {
      this.#failed(new ErrandError('denied', `${host}: ${name} does not accept the password`))
    } else {
      this.#passwordsSaid += 1
      this.#channel.write(`${password}\n`)
    }
  }

  #notBegun(): ErrandError {
    const { elevation, host } = this.#options
    const said = this.#before.trim().split('\n').at(-1)?.trim() ?? ''
    if (elevation && this.#passwordsSaid > 0) {
      return new ErrandError(
        'denied',
        `${host}: ${elevation.name} does not accept the password: ${said}`,
      )
    }
    if (elevation)
      return new ErrandError('denied', `${host}: ${elevation.name} does not work: ${said}`)
    return new ErrandError('unreachable', `${host}: its login shell runs nothing: ${said}`)
  }
}
