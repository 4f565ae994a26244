import type { HostResult, RunEvent, RunEventBody } from '../../../proto/run.ts'
import { type Value, type ValueMap } from '../../../proto/value.ts'
import { showMessage, showRunEnd } from './closing-lines.ts'
import { showDiff } from './diff.ts'
import { hostAwaitedText } from './host-awaited.ts'
import { showJobsCancelled, showJobsOut } from './jobs-out.ts'
import { isModule } from './modules.ts'
import type { Meaning } from './palette.ts'
import { pythonText } from './python-text.ts'
import { QuestionLines } from './question-lines.ts'
import type { Printed, Renderer, RenderOptions } from './renderer.ts'
import { Screen } from './screen.ts'
import { cleanResult, debugResult, dumpResult } from './shown-result.ts'
import { showException, showWarnings } from './side-notes.ts'

/** Prints a single task on many hosts as Ansible's `minimal` callback does, or on one line each as `oneline` does. */
export class MinimalRenderer implements Renderer {
  readonly #options: RenderOptions
  readonly #screen: Screen
  readonly #questions: QuestionLines
  readonly #isOneLine: boolean

  constructor(options: RenderOptions, isOneLine: boolean) {
    this.#options = options
    this.#screen = new Screen(options)
    this.#questions = new QuestionLines(this.#screen, options)
    this.#isOneLine = isOneLine
  }

  render({ body }: RunEvent): readonly Printed[] {
    this.#show(body)
    return this.#screen.take()
  }

  #show(body: RunEventBody): void {
    if (body.kind === 'host_result') this.#hostResult(body)
    if (body.kind === 'host_awaited') this.#screen.line(hostAwaitedText(body), 'verbose')
    if (body.kind === 'message') showMessage(this.#screen, body, this.#options.verbosity)
    if (body.kind === 'question' || body.kind === 'answer') this.#questions.show(body)
    if (body.kind === 'text') this.#screen.raw(body.text)
    if (body.kind === 'jobs_cancelled') showJobsCancelled(this.#screen, body.jobs)
    if (body.kind === 'jobs_out') showJobsOut(this.#screen, body.jobs, this.#options.runId)
    if (body.kind === 'run_ended') showRunEnd(this.#screen, body)
  }

  #hostResult(event: HostResult): void {
    const { status, module } = event
    const { host } = event.host
    const result = cleanResult(event.result, module)
    if (status === 'skipped') return this.#screen.line(`${host} | SKIPPED`, 'skip')
    if (status === 'unreachable') return this.#unreachable(host, result)
    if (status === 'failed') return this.#failed(host, module, result)
    if (!this.#isOneLine) showDiff(this.#screen, { ...event, status: 'changed' })
    const shown = !this.#isOneLine && isModule(module, 'debug') ? debugResult(result) : result
    const isPlain = isModule(module, ...plainModules) && !result.has('ansible_job_id')
    this.#answer(host, { result: shown, isPlain, ...words[status] })
  }

  #failed(host: string, module: string, result: ValueMap): void {
    if (!this.#isOneLine) showException(this.#screen, result, this.#options.verbosity)
    const isPlain =
      !this.#isOneLine && isModule(module, ...plainModules) && !result.has('module_stderr')
    this.#answer(host, {
      result,
      isPlain,
      caption: isPlain ? 'FAILED' : 'FAILED!',
      meaning: 'error',
    })
  }

  #unreachable(host: string, result: ValueMap): void {
    const text = this.#isOneLine
      ? `${host} | UNREACHABLE!: ${pythonText(result.get('msg') ?? '')}`
      : `${host} | UNREACHABLE! => ${this.#dump(result)}`
    this.#screen.line(text, 'unreachable')
  }

  #answer(host: string, { result, isPlain, caption, meaning }: AnswerLine): void {
    const rest = this.#isOneLine ? result : showWarnings(this.#screen, result)
    const text = isPlain
      ? this.#plain(`${host} | ${caption}`, rest)
      : `${host} | ${caption} => ${this.#dump(rest)}`
    this.#screen.line(text, meaning)
  }

  /** Output as it is, for modules that are there for it. */
  #plain(head: string, result: ValueMap): string {
    const rc = result.get('rc') ?? -1
    const stdout = result.get('stdout') ?? ''
    const stderr = result.get('stderr') ?? ''
    const msg = result.get('msg') ?? ''
    if (!this.#isOneLine) {
      return `${head} | rc=${pythonText(rc)} >>\n${[stdout, stderr, msg].map(pythonText).join('')}\n`
    }
    const errors = pythonText(stderr) === '' ? '' : ` (stderr) ${flat(stderr)}`
    return `${head} | rc=${pythonText(rc)} | (stdout) ${flat(stdout)}${errors}`
  }

  #dump(result: ValueMap): string {
    const { verbosity } = this.#options
    if (!this.#isOneLine) return dumpResult(result, { verbosity, indent: 4 })
    return dumpResult(result, { verbosity, indent: 0 }).replaceAll('\n', '')
  }
}

interface AnswerLine {
  readonly result: ValueMap
  readonly isPlain: boolean
  readonly caption: string
  readonly meaning: Meaning
}

const words = {
  changed: { caption: 'CHANGED', meaning: 'changed' },
  ok: { caption: 'SUCCESS', meaning: 'ok' },
} as const

const plainModules = ['command', 'shell', 'raw']

function flat(text: Value): string {
  return pythonText(text).replaceAll('\n', '\\n').replaceAll('\r', '\\r')
}
