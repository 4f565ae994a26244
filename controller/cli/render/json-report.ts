import type { HostResult, HostStats, RunEvent, RunEventBody } from '../../../proto/run.ts'
import {
  isMap,
  mapOf,
  newMap,
  type MutableMap,
  type Value,
  type ValueMap,
} from '../../../proto/value.ts'
import { showMessage, showRunEnd } from './closing-lines.ts'
import { showJobsCancelled, showJobsOut } from './jobs-out.ts'
import { dumpJson } from './python-json.ts'
import { QuestionLines } from './question-lines.ts'
import type { Printed, Renderer, RenderOptions } from './renderer.ts'
import { Screen } from './screen.ts'

interface TaskReport {
  readonly id: string
  readonly about: MutableMap
  readonly duration: MutableMap
  readonly hosts: MutableMap
}

interface PlayReport {
  readonly about: MutableMap
  readonly duration: MutableMap
  readonly tasks: TaskReport[]
}

/** Prints a run as one JSON document after its end, as the callback `json` of ansible.posix does. */
export class JsonReport implements Renderer {
  readonly #options: RenderOptions
  readonly #screen: Screen
  readonly #questions: QuestionLines
  #plays: PlayReport[] = []

  constructor(options: RenderOptions) {
    this.#options = options
    this.#screen = new Screen(options)
    this.#questions = new QuestionLines(this.#screen, options)
  }

  render({ atMs, body }: RunEvent): readonly Printed[] {
    this.#note(body, timeText(atMs))
    return this.#screen.take()
  }

  #note(body: RunEventBody, time: string): void {
    const screen = this.#screen
    switch (body.kind) {
      case 'play_started':
        return this.#playStarted(body, time)
      case 'task_started':
        return this.#taskStarted(body, time)
      case 'host_result':
        return this.#hostResult(body, time)
      case 'stats':
        return this.#finished(body)
      case 'message':
        return showMessage(screen, body, this.#options.verbosity)
      case 'question':
      case 'answer':
        return this.#questions.show(body)
      case 'text':
        return screen.raw(body.text)
      case 'jobs_cancelled':
        return showJobsCancelled(screen, body.jobs)
      case 'jobs_out':
        return showJobsOut(screen, body.jobs, this.#options.runId)
      case 'run_ended':
        return showRunEnd(screen, body)
      default:
        return
    }
  }

  #playStarted({ play, path = '' }: Extract<RunEventBody, { kind: 'play_started' }>, time: string) {
    const duration = mapOf({ start: time })
    const id = `${this.#options.runId}.p${this.#plays.length + 1}`
    this.#plays.push({ about: mapOf({ name: play, id, path, duration }), duration, tasks: [] })
  }

  #taskStarted(
    { taskId, task, path }: Extract<RunEventBody, { kind: 'task_started' }>,
    time: string,
  ): void {
    const duration = mapOf({ start: time })
    const about = mapOf({ name: task, id: taskId, path, duration })
    this.#plays.at(-1)?.tasks.push({ id: taskId, about, duration, hosts: newMap() })
  }

  #hostResult({ taskId, module, host, status, result }: HostResult, time: string): void {
    const play = this.#plays.at(-1)
    const task = play?.tasks.findLast(({ id }) => id === taskId) ?? play?.tasks.at(-1)
    if (!play || !task) return
    const shown = newMap(result).set('action', module)
    for (const key of ['failed', 'skipped']) shown.delete(key)
    if (status === 'failed' || status === 'skipped') shown.set(status, true)
    if (!shown.has('censored')) shown.set('_ansible_no_log', false)
    task.hosts.set(host.host, shown)
    task.duration.set('end', time)
    play.duration.set('end', time)
  }

  #finished({ stats, custom }: Extract<RunEventBody, { kind: 'stats' }>): void {
    const shown = this.#options.display.customStats ? newMap(custom) : newMap()
    const global = shown.get('_run')
    shown.delete('_run')
    const report = mapOf({
      plays: this.#plays.map(playValue),
      stats: newMap(Object.entries(stats).map(([host, counts]) => [host, countsValue(counts)])),
      custom_stats: shown,
      global_custom_stats: isMap(global) ? global : newMap(),
    })
    this.#screen.line(dumpJson(report, 4).replaceAll(beyondAscii, escaped))
    this.#plays = []
  }
}

function playValue({ about, tasks }: PlayReport): ValueMap {
  const all: Value = tasks.map((task) => mapOf({ task: task.about, hosts: task.hosts }))
  return mapOf({ play: about, tasks: all })
}

function countsValue({ failed, ...counts }: HostStats): ValueMap {
  return mapOf({ ...counts, failures: failed })
}

const beyondAscii = /[\u0080-\uFFFF]/g

function escaped(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function timeText(atMs: number): string {
  return new Date(atMs).toISOString().replace('Z', '000Z')
}
