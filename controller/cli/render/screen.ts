import type { DisplaySettings } from '../../../proto/run.ts'
import { banner } from './banner.ts'
import { coloured, type Meaning } from './palette.ts'
import type { Printed } from './renderer.ts'
import { wrap } from './wrap.ts'

/** How a screen looks. */
export interface ScreenOptions {
  readonly columns: number
  readonly hasColour: boolean
  /** Failures go to standard error. Default false. */
  readonly failedOnStderr?: boolean
  readonly display?: Pick<DisplaySettings, 'deprecations'>
}

/** Collects what one event prints. Says each warning once. */
export class Screen {
  readonly #options: ScreenOptions
  readonly #said = new Set<string>()
  #printed: Printed[] = []

  constructor(options: ScreenOptions) {
    this.#options = options
  }

  /** What was printed since the last call. */
  take(): readonly Printed[] {
    const printed = this.#printed
    this.#printed = []
    return printed
  }

  /** A line on standard output. One line end at its end, whether the text has one or not. */
  line(text: string, meaning?: Meaning): void {
    this.#print('stdout', text, meaning)
  }

  /** A line about a failure, on the stream that the settings say. */
  failure(text: string, meaning: Meaning): void {
    this.#print(this.#options.failedOnStderr === true ? 'stderr' : 'stdout', text, meaning)
  }

  heading(text: string): void {
    this.raw(banner(text, this.#options.columns))
  }

  /** Text as it is, line ends included. */
  raw(text: string): void {
    this.#printed.push({ stream: 'stdout', text })
  }

  warn(text: string): void {
    this.#once(wrap(`[WARNING]: ${text}`, this.#options.columns).join('\n'), 'warning')
  }

  deprecate(text: string): void {
    if (this.#options.display?.deprecations === false) return
    this.#once(
      wrap(`[DEPRECATION WARNING]: ${text}`, this.#options.columns).join('\n'),
      'deprecation',
    )
  }

  /** What is wrong and ends nothing. */
  error(text: string): void {
    this.#once(wrap(`[ERROR]: ${text}`, this.#options.columns).join('\n'), 'error')
  }

  /** What ended a run. */
  fail(text: string): void {
    this.#print('stderr', `ERROR! ${text}`, 'error')
  }

  /** What broke a run off. */
  interrupt(text: string): void {
    this.#print('stderr', `[ERROR]: ${text}`, 'error')
  }

  /** For people, beside the results. */
  note(text: string, meaning: Meaning): void {
    this.#print('stderr', text, meaning)
  }

  /** Text in the colour of its meaning where there are colours. */
  paint(text: string, meaning: Meaning): string {
    return this.#options.hasColour ? coloured(text, meaning) : text
  }

  #once(text: string, meaning: Meaning): void {
    if (this.#said.has(text)) return
    this.#said.add(text)
    this.#print('stderr', text, meaning)
  }

  #print(stream: Printed['stream'], text: string, meaning: Meaning | undefined): void {
    const body = text.endsWith('\n') ? text.slice(0, -1) : text
    this.#printed.push({ stream, text: `${meaning ? this.paint(body, meaning) : body}\n` })
  }
}
