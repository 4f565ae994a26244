import { resolve } from 'node:path'
import type { OutputPiece } from '../../../proto/control.ts'
import { ErrandError } from '../../../proto/errors.ts'
import type { OutputStream } from '../../../proto/job.ts'
import type { CommandContext } from '../context.ts'
import { chosenJobs, type JobFlags } from '../flags/job-flags.ts'
import { logLine, OutputOffsets } from '../output-offsets.ts'
import { PrefixedLines } from '../prefixed-lines.ts'
import { readOutput } from '../read-output.ts'

/** What `errand logs` has beside the flags that choose jobs. */
export interface LogFlags extends JobFlags {
  readonly follow?: true
  readonly new?: true
  readonly tail?: number
  readonly stream?: OutputStream
  readonly offset: number
  readonly stderrOffset: number
  readonly after?: string
}

/**
 * `errand logs`: the output of jobs. Of one job stdout to stdout and stderr to stderr, to the byte; of several, line by
 * line with the host in front. With --json a line a piece, which says where it stands.
 */
export async function showLogs(
  jobIds: readonly string[],
  flags: LogFlags,
  context: CommandContext,
): Promise<number> {
  const { tail, stream } = flags
  const filter = chosenJobs(jobIds, flags, context.config)
  const offsets = await offsetsOf(flags, context)
  const request = {
    filter,
    streams: stream === undefined ? [] : [stream],
    follow: flags.follow ?? false,
    withNew: flags.new ?? filter.runId !== undefined,
    ...(tail === undefined ? {} : { tailLines: tail }),
    stdoutOffset: flags.offset,
    stderrOffset: flags.stderrOffset,
  }
  const printer = new LogPrinter(context, {
    isRaw: jobIds.length === 1,
    isJson: flags.json ?? false,
  })
  const {
    controllers,
    interrupt: { signal },
  } = context
  const pieces = readOutput(request, offsets, { controllers, signal })
  for await (const piece of pieces) await printer.print(piece)
  await printer.end()
  return printer.hasFailed ? 1 : 0
}

async function offsetsOf(
  { after, json }: LogFlags,
  { config, terminal }: CommandContext,
): Promise<OutputOffsets> {
  const offsets = new OutputOffsets()
  if (after === undefined) return offsets
  if (!json)
    throw new ErrandError(
      'invalid',
      '--after goes with --json: only its lines say where they stand',
    )
  // So that the next line does not become a part of the one that was broken off.
  if (await offsets.countFile(resolve(config.cwd, after))) await terminal.out('\n')
  return offsets
}

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

  async print(piece: OutputPiece): Promise<void> {
    const { terminal } = this.#context
    if (piece.error !== undefined) this.hasFailed = true
    if (this.#isJson) return terminal.json(logLine(piece))
    if (piece.isEnd) await this.#endOf(piece)
    if (piece.error !== undefined) {
      await terminal.err(`errand: ${piece.host}: ${piece.jobId}: ${piece.error}\n`)
    }
    if (piece.droppedBytes > 0) {
      await this.#endOf(piece)
      await terminal.err(
        `errand: ${piece.host}: ${piece.jobId}: ${piece.droppedBytes} bytes of ${piece.stream} did not fit on the host and are lost\n`,
      )
    }
    await this.#write(piece)
  }

  /** Prints what the last lines without an end have. */
  async end(): Promise<void> {
    for (const [key, lines] of this.#lines) await this.#send(key, lines.rest())
  }

  async #endOf({ jobId }: OutputPiece): Promise<void> {
    for (const stream of ['stdout', 'stderr']) {
      const key = `${stream} ${jobId}`
      await this.#send(key, this.#lines.get(key)?.rest() ?? new Uint8Array())
      this.#lines.delete(key)
    }
  }

  async #write({ jobId, host, stream, data }: OutputPiece): Promise<void> {
    if (data.length === 0) return
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
