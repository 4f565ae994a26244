import type {
  HostLabel,
  HostResult,
  ItemResult,
  RunEvent,
  RunEventBody,
  TaskStarted,
} from '../../../proto/run.ts'
import { newMap, type ValueMap } from '../../../proto/value.ts'
import { showMessage, showRunEnd } from './closing-lines.ts'
import { showDiff } from './diff.ts'
import { hostAwaitedText } from './host-awaited.ts'
import { showJobsCancelled, showJobsOut } from './jobs-out.ts'
import { isModule } from './modules.ts'
import { pythonText } from './python-text.ts'
import { QuestionLines } from './question-lines.ts'
import { showCustomStats, showRecap } from './recap.ts'
import type { Printed, Renderer, RenderOptions } from './renderer.ts'
import { Screen } from './screen.ts'
import { cleanResult, debugResult, dumpResult, isVerbose } from './shown-result.ts'
import { showException, showWarnings } from './side-notes.ts'

/** Prints a run of playbooks, line by line as Ansible's default callback does. */
export class DefaultRenderer implements Renderer {
  readonly #options: RenderOptions
  readonly #screen: Screen
  readonly #questions: QuestionLines
  /** A task's heading that is shown with the first line below it: what is hidden leaves no heading. */
  #pending: TaskStarted | undefined
  /** Where the task stands whose heading was last shown. */
  #path = ''

  constructor(options: RenderOptions) {
    this.#options = options
    this.#screen = new Screen({ ...options, failedOnStderr: options.display.failedOnStderr })
    this.#questions = new QuestionLines(this.#screen, options)
  }

  render({ body }: RunEvent): readonly Printed[] {
    this.#show(body)
    return this.#screen.take()
  }

  #show(body: RunEventBody): void {
    const screen = this.#screen
    switch (body.kind) {
      case 'run_started':
      case 'job_started':
        return
      case 'playbook_started':
        return this.#playbookStarted(body)
      case 'play_started':
        this.#pending = undefined
        return screen.heading(
          `${body.play === '' ? 'PLAY' : `PLAY [${body.play.trim()}]`}${this.#mark(this.#options.isCheck)}`,
        )
      case 'no_hosts_matched':
        return screen.line('skipping: no hosts matched', 'skip')
      case 'no_hosts_left':
        return screen.heading('NO MORE HOSTS LEFT')
      case 'task_started':
        return this.#taskStarted(body)
      case 'host_result':
        return this.#hostResult(body)
      case 'item_result':
        return this.#itemResult(body)
      case 'retrying':
        return this.#retrying(body)
      case 'async_poll':
        return screen.line(
          `ASYNC POLL on ${body.host}: jid=${body.jobId} started=${body.started} finished=${body.finished}`,
          'debug',
        )
      case 'async_ok':
        return screen.line(`ASYNC OK on ${body.host}: jid=${body.jobId}`, 'debug')
      case 'async_failed':
        return screen.line(`ASYNC FAILED on ${body.host}: jid=${body.jobId}`, 'debug')
      case 'included':
        return screen.line(includedText(body), 'skip')
      case 'notified':
        return this.#notified(body)
      case 'message':
        return showMessage(screen, body, this.#options.verbosity)
      case 'host_awaited':
        return screen.line(hostAwaitedText(body), 'verbose')
      case 'install_step':
        if (this.#options.verbosity > 0) screen.note(`${body.host}: ${body.message}`, 'verbose')
        return
      case 'text':
        return screen.raw(body.text)
      case 'question':
      case 'answer':
        return this.#questions.show(body)
      case 'stats':
        return this.#stats(body)
      case 'jobs_cancelled':
        return showJobsCancelled(screen, body.jobs)
      case 'jobs_out':
        return showJobsOut(screen, body.jobs, this.#options.runId)
      case 'run_ended':
        return showRunEnd(screen, body)
    }
  }

  #notified({ handler, host }: Extract<RunEventBody, { kind: 'notified' }>): void {
    if (this.#options.verbosity < 2) return
    this.#screen.line(`NOTIFIED HANDLER ${handler} for ${host}`, 'verbose')
  }

  #playbookStarted({ playbook, plays }: Extract<RunEventBody, { kind: 'playbook_started' }>): void {
    if (this.#options.verbosity >= 2) {
      this.#screen.heading(`PLAYBOOK: ${playbook.slice(playbook.lastIndexOf('/') + 1)}`)
      this.#screen.line(`${plays} plays in ${playbook}`, 'verbose')
    }
    this.#dryRun()
  }

  #dryRun(): void {
    const { isCheck, display } = this.#options
    if (isCheck && display.checkModeMarkers) this.#screen.heading('DRY RUN')
  }

  #stats({ stats, custom }: Extract<RunEventBody, { kind: 'stats' }>): void {
    showRecap(this.#screen, stats, this.#options)
    if (custom !== undefined && this.#options.display.customStats) {
      showCustomStats(this.#screen, custom, this.#options)
    }
    this.#dryRun()
  }

  #mark(isCheck: boolean): string {
    return isCheck && this.#options.display.checkModeMarkers ? ' [CHECK MODE]' : ''
  }

  #taskStarted(task: TaskStarted): void {
    const { skippedHosts, okHosts } = this.#options.display
    this.#pending = task
    if (skippedHosts && okHosts) this.#banner()
  }

  /** The heading of the task whose result comes now, unless it stands there already. */
  #banner(): void {
    if (!this.#pending) return
    const { task, isHandler, path, check } = this.#pending
    this.#pending = undefined
    this.#screen.heading(
      `${isHandler ? 'RUNNING HANDLER' : 'TASK'} [${task.trim()}]${this.#mark(check)}`,
    )
    if (this.#options.verbosity >= 2) this.#screen.line(`task path: ${path}`, 'debug')
    this.#path = path
  }

  #hostResult(event: HostResult): void {
    const screen = this.#screen
    const { status, module } = event
    const result = cleanResult(event.result, module)
    const { display, verbosity } = this.#options
    if (status === 'ok' && !display.okHosts) return
    if (status === 'skipped' && !display.skippedHosts) return
    this.#banner()
    // The headings stay: only who reads results is spared those that are none.
    if (status === 'skipped' && display.callback === 'skippy') return
    if (status === 'ok' || status === 'changed') {
      showDiff(screen, event)
      const rest = showWarnings(screen, result)
      if (!event.hasItems) this.#ended(event, tidy(rest, module))
    } else if (status === 'skipped') {
      const shown = event.hasItems ? without(result, 'results') : result
      screen.line(
        `skipping: [${event.host.host}]${this.#appended(tidy(shown, module), notRun)}`,
        'skip',
      )
    } else if (status === 'failed') {
      const shown = tidy(result, module)
      showException(screen, shown, verbosity)
      const rest = showWarnings(screen, shown)
      // Of debug nothing but the message is left, the items with it: so Ansible takes it for a task without a loop.
      if (!event.hasItems || isModule(module, 'debug')) {
        if (verbosity < 2 && display.taskPathOnFailure) {
          screen.line(`task path: ${this.#path}`, 'debug')
        }
        screen.failure(`fatal: [${labelOf(event.host)}]: FAILED! => ${this.#dump(rest)}`, 'error')
      }
    } else {
      screen.failure(
        `fatal: [${labelOf(event.host)}]: UNREACHABLE! => ${this.#dump(result)}`,
        'unreachable',
      )
    }
    if (event.isIgnored) screen.line('...ignoring', 'skip')
  }

  #ended({ status, host, module }: HostResult, result: ValueMap): void {
    const meaning = status === 'changed' ? 'changed' : 'ok'
    this.#screen.line(`${meaning}: [${labelOf(host)}]${this.#appended(result, module)}`, meaning)
  }

  #itemResult(event: ItemResult): void {
    const screen = this.#screen
    const { status, module } = event
    const result = tidy(cleanResult(event.result, module), module)
    const { display } = this.#options
    if (status === 'ok' && !display.okHosts) return
    if (status === 'skipped' && !display.skippedHosts) return
    this.#banner()
    // The headings stay: only who reads results is spared those that are none.
    if (status === 'skipped' && display.callback === 'skippy') return
    const item = `(item=${event.result.get('_ansible_no_log') === true ? censored : pythonText(event.label)})`
    if (status === 'ok' || status === 'changed') {
      showDiff(screen, event)
      const line = `${status}: [${labelOf(event.host)}] => ${item}${this.#appended(result, module)}`
      screen.line(line, status)
    } else if (status === 'skipped') {
      const line = `skipping: [${event.host.host}] => ${item} ${this.#appended(result, notRun)}`
      screen.line(line, 'skip')
    } else {
      showException(screen, result, this.#options.verbosity)
      const rest = showWarnings(screen, result)
      screen.failure(`failed: [${labelOf(event.host)}] ${item} => ${this.#dump(rest)}`, 'error')
    }
  }

  #retrying({
    host,
    task,
    retriesLeft,
    result,
  }: Extract<RunEventBody, { kind: 'retrying' }>): void {
    const { verbosity } = this.#options
    const shown = cleanResult(result, '')
    const detail = verbosity > 2 ? `Result was: ${this.#dump(shown)}` : ''
    this.#screen.line(
      `FAILED - RETRYING: [${labelOf(host)}]: ${task} (${retriesLeft} retries left).${detail}`,
      'debug',
    )
  }

  /** ` => {…}` where the verbosity or the module asks for it. */
  #appended(result: ValueMap, module: string): string {
    if (!isVerbose(result, module, this.#options.verbosity)) return ''
    return ` => ${this.#dump(result)}`
  }

  #dump(result: ValueMap): string {
    const { verbosity, display } = this.#options
    return dumpResult(result, { verbosity, display })
  }
}

/** A module that did not run has no say in how its result is shown. */
const notRun = ''

const censored = '(censored due to no_log)'

function tidy(result: ValueMap, module: string): ValueMap {
  return isModule(module, 'debug') ? debugResult(result) : result
}

function without(result: ValueMap, name: string): ValueMap {
  return newMap([...result].filter(([key]) => key !== name))
}

/** The host, and the one that the task was delegated to. */
function labelOf({ host, delegate }: HostLabel): string {
  return delegate === undefined ? host : `${host} -> ${delegate}`
}

function includedText({ file, hosts, label }: Extract<RunEventBody, { kind: 'included' }>): string {
  const item = label === undefined ? '' : ` => (item=${label})`
  return `included: ${file} for ${hosts.join(', ')}${item}`
}
