import type { RunEvent } from '../../proto/run.ts'
import { shortDuration } from './durations.ts'
import type { Terminal } from './terminal.ts'

/** A job whose task has not come to a result yet. */
interface WaitedFor {
  readonly task: string
  readonly sinceMs: number
}

/** Shows on a terminal what a run waits for: which tasks, on which hosts, how long. */
export class WaitingLine implements Disposable {
  readonly #terminal: Terminal
  readonly #hosts = new Map<string, WaitedFor>()
  readonly #timer: NodeJS.Timeout
  /** The line is the user's, who is typing an answer. */
  #isAsking = false

  constructor(terminal: Terminal) {
    this.#terminal = terminal
    this.#timer = setInterval(() => this.#show(), 1000)
  }

  note({ body, atMs }: RunEvent): void {
    if (body.kind === 'question') this.#isAsking = true
    if (body.kind === 'answer') this.#isAsking = false
    if (body.kind === 'job_started') this.#hosts.set(body.host, { task: body.task, sinceMs: atMs })
    if (body.kind === 'host_awaited') {
      this.#hosts.set(body.host, { task: 'the host to be back', sinceMs: atMs })
    }
    if (body.kind === 'install_step') {
      this.#hosts.set(body.host, { task: `installing the agent (${body.step})`, sinceMs: atMs })
    }
    if (body.kind === 'host_result') this.#hosts.delete(body.host.host)
    if (body.kind === 'run_ended' || body.kind === 'task_started') this.#hosts.clear()
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    this.#terminal.clearProgress()
  }

  #show(): void {
    if (this.#isAsking) return
    const text = waitingText(this.#hosts, Date.now())
    if (text !== undefined) this.#terminal.progress(text)
  }
}

function waitingText(hosts: ReadonlyMap<string, WaitedFor>, nowMs: number): string | undefined {
  const byTask = Map.groupBy(hosts, ([, { task }]) => task)
  const since = Math.min(...hosts.values().map(({ sinceMs }) => sinceMs))
  if (byTask.size === 0 || nowMs - since < 1000) return undefined
  const parts = Array.from(byTask, ([task, waiting]) => {
    const names = waiting.map(([host]) => host)
    const shown =
      names.length > 4
        ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`
        : names.join(', ')
    return `${task} on ${shown}`
  })
  return `waiting ${shortDuration(nowMs - since)} for ${parts.join('; ')}`
}
