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
import { showJobsOut } from './jobs-out.ts'
import { isModule } from './modules.ts'
import { pythonText } from './python-text.ts'
import { showRecap } from './recap.ts'
import type { Printed, Renderer, RenderOptions } from './renderer.ts'
import { Screen } from './screen.ts'
import { cleanResult, debugResult, dumpResult, isVerbose } from './shown-result.ts'
import { showException, showWarnings } from './side-notes.ts'

/** Prints a run of playbooks, line by line as Ansible's default callback does. */
export class DefaultRenderer implements Renderer {
  readonly #options: RenderOptions
  readonly #screen: Screen

  constructor(options: RenderOptions) {
    this.#options = options
    this.#screen = new Screen(options)
  }

  render({ body }: RunEvent): readonly Printed[] {
    this.#show(body)
    return this.#screen.take()
  }

  #show(body: RunEventBody): void {
    const screen = this.#screen
    switch (body.kind) {
      case 'run_started':
        return this.#runStarted(body.request.playbooks)
      case 'play_started':
        return screen.heading(body.play === '' ? 'PLAY' : `PLAY [${body.play.trim()}]`)
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
      case 'included': {
        const label = body.label === undefined ? '' : ` => (item=${body.label})`
        return screen.line(`included: ${body.file} for ${body.hosts.join(', ')}${label}`, 'skip')
      }
      case 'notified':
        if (this.#options.verbosity < 2) return
        return screen.line(`NOTIFIED HANDLER ${body.handler} for ${body.host}`, 'verbose')
      case 'message':
        return showMessage(screen, body, this.#options.verbosity)
      case 'install_step':
        if (this.#options.verbosity < 1) return
        return screen.note(`${body.host}: ${body.message}`, 'verbose')
      case 'text':
        return screen.raw(body.text)
      case 'job_started':
        return
      case 'stats':
        return showRecap(screen, body.stats, this.#options)
      case 'jobs_out':
        return showJobsOut(screen, body.jobs, this.#options.runId)
      case 'run_ended':
        return showRunEnd(screen, body)
    }
  }

  #runStarted(playbooks: readonly string[]): void {
    const [first] = playbooks
    if (this.#options.verbosity < 2 || first === undefined) return
    this.#screen.heading(`PLAYBOOK: ${first.slice(first.lastIndexOf('/') + 1)}`)
  }

  #taskStarted({ task, isHandler, path }: TaskStarted): void {
    this.#screen.heading(`${isHandler ? 'RUNNING HANDLER' : 'TASK'} [${task.trim()}]`)
    if (this.#options.verbosity >= 2) this.#screen.line(`task path: ${path}`, 'debug')
  }

  #hostResult(event: HostResult): void {
    const screen = this.#screen
    const { status, module } = event
    const result = cleanResult(event.result, module)
    if (status === 'ok' || status === 'changed') {
      showDiff(screen, result, status)
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
      showException(screen, shown, this.#options.verbosity)
      const rest = showWarnings(screen, shown)
      if (!event.hasItems) {
        screen.line(`fatal: [${labelOf(event.host)}]: FAILED! => ${this.#dump(rest)}`, 'error')
      }
    } else {
      screen.line(
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
    const item = `(item=${event.result['_ansible_no_log'] === true ? censored : pythonText(event.label)})`
    if (status === 'ok' || status === 'changed') {
      showDiff(screen, result, status)
      const line = `${status}: [${labelOf(event.host)}] => ${item}${this.#appended(result, module)}`
      screen.line(line, status)
    } else if (status === 'skipped') {
      const line = `skipping: [${event.host.host}] => ${item} ${this.#appended(result, notRun)}`
      screen.line(line, 'skip')
    } else {
      showException(screen, result, this.#options.verbosity)
      const rest = showWarnings(screen, result)
      screen.line(`failed: [${labelOf(event.host)}] ${item} => ${this.#dump(rest)}`, 'error')
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
    return dumpResult(result, { verbosity: this.#options.verbosity })
  }
}

/** A module that did not run has no say in how its result is shown. */
const notRun = ''

const censored = '(censored due to no_log)'

function tidy(result: ValueMap, module: string): ValueMap {
  return isModule(module, 'debug') ? debugResult(result) : result
}

function without(result: ValueMap, name: string): ValueMap {
  return newMap(Object.entries(result).filter(([key]) => key !== name))
}

/** The host, and the one that the task was delegated to. */
function labelOf({ host, delegate }: HostLabel): string {
  return delegate === undefined ? host : `${host} -> ${delegate}`
}
