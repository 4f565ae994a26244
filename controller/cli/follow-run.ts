import { ErrandError } from '../../proto/errors.ts'
import type { RunEvent, RunHeading, RunId } from '../../proto/run.ts'
import { stringifyJson } from '../../proto/json-text.ts'
import type { CommandContext } from './context.ts'
import { openLive } from './live/open-live.ts'
import { withCallbacks } from './render/beside/with-callbacks.ts'
import { DefaultRenderer } from './render/default.ts'
import { JsonReport } from './render/json-report.ts'
import { MinimalRenderer } from './render/minimal.ts'
import { QuietRenderer } from './render/quiet.ts'
import { defaultDisplay, type Renderer, type RenderOptions } from './render/renderer.ts'
import { QuestionAnswerer } from './question-answerer.ts'
import { runEvents } from './run-events.ts'
import { WaitingLine } from './waiting-line.ts'

export interface FollowOptions {
  /** Print the events themselves. */
  readonly isJson: boolean
  /** Show the output of jobs while they write it. Default: only results. */
  readonly isLive?: boolean
  /** What the user is asked on the way is answered from here. Default: others answer. */
  readonly input?: NodeJS.ReadStream
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
  const { isJson, isLive = false, cancelsJobs = false, onEvent = () => {}, leaveAt } = options
  const { controllers, terminal, interrupt } = context
  const { signal } = interrupt
  using waiting = new WaitingLine(terminal)
  using answerer = options.input && new QuestionAnswerer(runId, { context, input: options.input })
  const printer = new RunPrinter({ runId, context, isJson, waiting, answerer, onEvent })
  await using live = isLive ? openLive(printer, { context, isJson }) : undefined
  const sink: EventSink = live ?? printer
  const onGone = () =>
    terminal.progress('the controller has gone; another one goes on with the run')
  if (answerer) interrupt.offer(() => answerer.takeInterrupt())
  interrupt.handle(() => {
    terminal.progress('asking the run to stop; once more leaves at once')
    // What becomes of it, the stream of events tells.
    const stop = controllers.ask((controller) =>
      controller.stopRun(runId, { cancelJobs: cancelsJobs, signal }),
    )
    stop.catch(() => {})
  })
  for await (const event of runEvents(runId, context, { isFollowing: true, onGone })) {
    await sink.push(event)
    const left = leaveAt?.(event)
    if (left !== undefined) return left
    if (event.body.kind === 'run_ended') return event.body.exitCode
  }
  const broken = `the record of run ${runId} breaks off; the controller's log says why`
  throw new ErrandError('internal', broken)
}

interface PrinterOptions {
  readonly runId: RunId
  readonly context: CommandContext
  readonly isJson: boolean
  readonly waiting: WaitingLine
  readonly answerer: QuestionAnswerer | undefined
  readonly onEvent: (event: RunEvent) => void
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
    const { context, isJson, waiting, answerer, runId, onEvent } = this.#options
    const { terminal } = context
    const isTyped = (questionId: string) => answerer?.isTyped(questionId) ?? false
    this.#renderer ??= rendererFor(event, { runId, context, isTyped })
    if (isJson) await terminal.out(eventLine(event))
    else await terminal.print(this.#renderer.render(event))
    waiting.note(event)
    answerer?.note(event)
    onEvent(event)
  }
}

/** An event as `--output json` prints it. */
export function eventLine(event: RunEvent): string {
  return `${stringifyJson(event)}\n`
}

/** Prints a run as its first event says. */
export function rendererFor(
  { body }: RunEvent,
  {
    runId,
    context,
    isTyped = () => false,
  }: {
    readonly runId: RunId
    readonly context: CommandContext
    readonly isTyped?: RenderOptions['isTyped']
  },
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
    isTyped,
    display,
  }
  if (heading.kind === 'adhoc') return new MinimalRenderer(options, heading.oneLine ?? false)
  return withCallbacks(playbookRenderer(options), options)
}

function playbookRenderer(options: RenderOptions): Renderer {
  const { callback } = options.display
  if (callback === 'minimal') return new MinimalRenderer(options, false)
  if (callback === 'oneline') return new MinimalRenderer(options, true)
  if (callback === 'json') return new JsonReport(options)
  if (callback === 'null') return new QuietRenderer(options)
  return new DefaultRenderer(options)
}
