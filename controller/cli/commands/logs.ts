import { filterToWire, outputFromWire } from '../../../proto/control-codec.ts'
import { messages } from '../../../proto/stream.ts'
import type { CommandContext } from '../context.ts'
import { openController } from '../controller-client.ts'
import { chosenJobs, type JobFlags } from '../flags/job-flags.ts'
import { PrefixedLines } from '../prefixed-lines.ts'

/** What `errand logs` has beside the flags that choose jobs. */
export interface LogFlags extends JobFlags {
  readonly follow?: true
  readonly offset: number
  readonly stderrOffset: number
}

/** `errand logs`: the output of jobs, stdout to stdout and stderr to stderr, to the byte; of several jobs, line by line with the host in front. */
export async function showLogs(
  jobIds: readonly string[],
  flags: LogFlags,
  context: CommandContext,
): Promise<number> {
  const { signal } = context.interrupt
  using controller = await openController(context.config, signal)
  const call = controller.calls.watchOutput({
    filter: filterToWire(chosenJobs(jobIds, flags)),
    streams: [],
    follow: flags.follow ?? false,
    stdoutOffset: flags.offset,
    stderrOffset: flags.stderrOffset,
  })
  const printer = new LogPrinter(context, {
    isRaw: jobIds.length === 1,
    isJson: flags.json ?? false,
  })
  for await (const wire of messages(call, signal)) await printer.print(outputFromWire(wire))
  await printer.end()
  return printer.hasFailed ? 1 : 0
}

type Piece = ReturnType<typeof outputFromWire>

class LogPrinter {
  readonly #context: CommandContext
  readonly #isRaw: boolean
  readonly #isJson: boolean
  readonly #lines = new Map<string, PrefixedLines>()
  hasFailed = false

  constructor(
    context: CommandContext,
    { isRaw, isJson }: { readonly isRaw: boolean; readonly isJson: boolean },
  ) {
    this.#context = context
    this.#isRaw = isRaw
    this.#isJson = isJson
  }

  async print(piece: Piece): Promise<void> {
    const { terminal } = this.#context
    if (piece.error !== undefined) this.hasFailed = true
    if (this.#isJson) {
      return terminal.json({ ...piece, data: Buffer.from(piece.data).toString('base64') })
    }
    if (piece.error !== undefined) {
      return terminal.err(`errand: ${piece.host}: ${piece.jobId}: ${piece.error}\n`)
    }
    if (piece.droppedBytes > 0) {
      await terminal.err(
        `errand: ${piece.host}: ${piece.jobId}: ${piece.droppedBytes} bytes of ${piece.stream} were past the quota and are lost\n`,
      )
    }
    await this.#write(piece)
  }

  /** Prints what the last lines without an end have. */
  async end(): Promise<void> {
    for (const [key, lines] of this.#lines) await this.#send(key, lines.rest())
  }

  async #write({ jobId, host, stream, data }: Piece): Promise<void> {
    if (this.#isRaw) return this.#send(stream, data)
    const key = `${stream} ${jobId}`
    const lines = this.#lines.get(key) ?? new PrefixedLines(`${host}: `)
    this.#lines.set(key, lines)
    await this.#send(key, lines.add(data))
  }

  async #send(key: string, data: Uint8Array): Promise<void> {
    if (data.length === 0) return
    if (key.startsWith('stdout')) await this.#context.terminal.out(data)
    else await this.#context.terminal.err(data)
  }
}
