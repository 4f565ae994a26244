import { setTimeout as delay } from 'node:timers/promises'
import { eventFromWire } from '../../proto/control-codec.ts'
import { ErrandError } from '../../proto/errors.ts'
import type { RunEvent, RunHeading, RunId } from '../../proto/run.ts'
import { messages } from '../../proto/stream.ts'
import { stringifyJson, type Value } from '../../proto/value.ts'
import type { CommandContext } from './context.ts'
import { openController, type ControllerClient } from './controller-client.ts'
import { openLive } from './live/open-live.ts'
import { DefaultRenderer } from './render/default.ts'
import { MinimalRenderer } from './render/minimal.ts'
import { defaultDisplay, type Renderer } from './render/renderer.ts'
import { WaitingLine } from './waiting-line.ts'

export interface FollowOptions {
  readonly controller: ControllerClient
  /** Print the events themselves. */
  readonly isJson: boolean
  /** Show the output of jobs while they write it. Default: only results. */
  readonly isLive?: boolean
  /** What Ctrl-C makes of the jobs that run. Default: they go on. */
  readonly cancelsJobs?: boolean
  /** Leave a run when this gives an exit code, which is called with each event once. Default: never. */
  readonly leaveAt?: (event: RunEvent) => number | undefined
  /** Called with each event once, after it was printed. */
  readonly onEvent?: (event: RunEvent) => void
}

/**
 * Prints a run from its first event to its last and gives its exit code. The first Ctrl-C asks the run to stop; what
 * it then says is printed. When the controller dies, another is started, which goes on with the run, and so do we.
 */
export async function followRun(
  runId: RunId,
  context: CommandContext,
  options: FollowOptions,
): Promise<number> {
  const { controller, isJson, isLive = false, cancelsJobs = false, onEvent = () => {} } = options
  const { config, terminal, interrupt } = context
  using waiting = new WaitingLine(terminal)
  const printer = new RunPrinter({ runId, context, isJson, waiting, onEvent })
  await using live = isLive ? openLive(printer, { context, isJson }) : undefined
  const reader = new RunReader(runId, { sink: live ?? printer, leaveAt: options.leaveAt })
  let asked: ControllerClient | undefined = controller
  for (let failures = 0; ;) {
    const before = reader.lastSeq
    try {
      asked ??= await openController(config, interrupt.signal)
      await followOnce(asked, { runId, context, reader, cancelsJobs })
      return reader.exitCode
    } catch (error) {
      if (!(error instanceof ErrandError) || error.code !== 'unreachable') throw error
      failures = reader.lastSeq > before ? 1 : failures + 1
      if (failures > failuresInARow) throw error
    } finally {
      if (asked !== controller) asked?.[Symbol.dispose]()
      asked = undefined
    }
    terminal.progress('the controller has gone; another one goes on with the run')
    await delay(failures * patienceMs, undefined, { signal: interrupt.signal })
  }
}

/** How often a controller may be gone before anything new was heard of the run. */
const failuresInARow = 10
/** Before the next try; as often more as there were failures. */
const patienceMs = 200

async function followOnce(
  asked: ControllerClient,
  about: {
    readonly runId: RunId
    readonly context: CommandContext
    readonly reader: RunReader
    readonly cancelsJobs: boolean
  },
): Promise<void> {
  const { runId, context, reader, cancelsJobs } = about
  const { terminal, interrupt } = context
  interrupt.handle(() => {
    terminal.progress('asking the run to stop; once more leaves at once')
    // What becomes of it, the stream of events tells.
    const { signal } = interrupt
    asked.stopRun(runId, { cancelJobs: cancelsJobs, signal }).catch(() => {})
  })
  await reader.follow(asked, interrupt.signal)
}

interface PrinterOptions {
  readonly runId: RunId
  readonly context: CommandContext
  readonly isJson: boolean
  readonly waiting: WaitingLine
  readonly onEvent: (event: RunEvent) => void
}

/** Hands on each event of a run once, however often the stream of them breaks off. */
class RunReader {
  readonly #runId: RunId
  readonly #sink: EventSink
  readonly #leaveAt: FollowOptions['leaveAt'] | undefined
  #lastSeq = 0
  #exitCode: number | undefined

  constructor(
    runId: RunId,
    {
      sink,
      leaveAt,
    }: { readonly sink: EventSink; readonly leaveAt: FollowOptions['leaveAt'] | undefined },
  ) {
    this.#runId = runId
    this.#sink = sink
    this.#leaveAt = leaveAt
  }

  /** The number of the last event that was handed on. */
  get lastSeq(): number {
    return this.#lastSeq
  }

  /** @throws {ErrandError} `internal` when the record breaks off before the run's end. */
  get exitCode(): number {
    if (this.#exitCode !== undefined) return this.#exitCode
    throw new ErrandError(
      'internal',
      `the record of run ${this.#runId} breaks off; the controller's log says why`,
    )
  }

  /** Reads what comes after what was handed on already. */
  async follow({ calls }: ControllerClient, signal: AbortSignal): Promise<void> {
    const call = calls.watchRun({ runId: this.#runId, afterSeq: this.#lastSeq })
    for await (const wire of messages(call, signal)) {
      const event = eventFromWire(wire)
      await this.#sink.push(event)
      this.#lastSeq = event.seq
      if (event.body.kind === 'run_ended') this.#exitCode = event.body.exitCode
      const left = this.#leaveAt?.(event)
      if (left !== undefined) return void (this.#exitCode = left)
    }
  }
}

interface EventSink {
  push(event: RunEvent): Promise<void>
}

/** Prints events. */
class RunPrinter implements EventSink {
  readonly #options: PrinterOptions
  #renderer: Renderer | undefined

  constructor(options: PrinterOptions) {
    this.#options = options
  }

  async push(event: RunEvent): Promise<void> {
    const { context, isJson, waiting, runId, onEvent } = this.#options
    const { terminal } = context
    this.#renderer ??= rendererFor(event, { runId, context })
    if (isJson) await terminal.out(eventLine(event))
    else await terminal.print(this.#renderer.render(event))
    waiting.note(event)
    onEvent(event)
  }
}

/** An event as `--output json` prints it. */
export function eventLine(event: RunEvent): string {
  return `${stringifyJson(event as unknown as Value)}\n`
}

/** Prints a run as its first event says. */
export function rendererFor(
  { body }: RunEvent,
  { runId, context }: { readonly runId: RunId; readonly context: CommandContext },
): Renderer {
  const heading: Partial<RunHeading> = body.kind === 'run_started' ? body.request : {}
  const { columns, hasColour } = context.config
  const display = heading.display ?? defaultDisplay
  const options = {
    runId,
    columns,
    hasColour,
    verbosity: heading.verbosity ?? 0,
    isCheck: heading.check ?? false,
    display,
  }
  if (heading.kind === 'adhoc') return new MinimalRenderer(options, heading.oneLine ?? false)
  return display.callback === 'default'
    ? new DefaultRenderer(options)
    : new MinimalRenderer(options, display.callback === 'oneline')
}
