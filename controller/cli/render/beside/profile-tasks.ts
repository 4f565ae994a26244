import type { RunEvent, TaskStarted } from '../../../../proto/run.ts'
import type { Printed, Renderer, RenderOptions } from '../renderer.ts'

/** One task, however often it was come to. */
interface Timed {
  readonly name: string
  readonly path: string
  startedAtMs: number
  elapsedMs: number
}

/** How many of the tasks that took longest are named at the end. */
const shown = 20
const width = 79

/** Says when each task began, and at the end which took longest, as the callback `profile_tasks` of ansible.posix does. */
export class ProfileTasks implements Renderer {
  readonly #options: Pick<RenderOptions, 'columns' | 'verbosity'>
  readonly #tasks = new Map<string, Timed>()
  #current: Timed | undefined
  #startedAtMs: number | undefined
  #lastAtMs = 0

  constructor(options: Pick<RenderOptions, 'columns' | 'verbosity'>) {
    this.#options = options
  }

  render({ atMs, body }: RunEvent): readonly Printed[] {
    if (this.#startedAtMs === undefined) {
      this.#startedAtMs = atMs
      this.#lastAtMs = atMs
    }
    if (body.kind === 'task_started') {
      const text = `${this.#timeLine(atMs)}\n`
      this.#begin(body, atMs)
      return [{ stream: 'stdout', text }]
    }
    if (body.kind !== 'stats') return []
    this.#pause(atMs)
    const lines = [this.#timeLine(atMs), `${'='.repeat(width)} `, ...this.#longest()]
    return [{ stream: 'stdout', text: `${lines.join('\n')}\n` }]
  }

  #begin({ taskId, task, path }: TaskStarted, atMs: number): void {
    this.#pause(atMs)
    const known = this.#tasks.get(taskId) ?? {
      name: task.trim(),
      path,
      startedAtMs: atMs,
      elapsedMs: 0,
    }
    known.startedAtMs = atMs
    this.#tasks.set(taskId, known)
    this.#current = known
  }

  #pause(atMs: number): void {
    if (this.#current) this.#current.elapsedMs += atMs - this.#current.startedAtMs
    this.#current = undefined
  }

  #timeLine(atMs: number): string {
    const sinceLast = spanText(atMs - this.#lastAtMs)
    const sinceStart = spanText(atMs - (this.#startedAtMs ?? atMs))
    this.#lastAtMs = atMs
    return filled(`${dateText(atMs)} (${sinceLast})       ${sinceStart}`)
  }

  #longest(): readonly string[] {
    const { columns, verbosity } = this.#options
    return [...this.#tasks.values()]
      .toSorted((one, other) => other.elapsedMs - one.elapsedMs)
      .slice(0, shown)
      .flatMap(({ name, path, elapsedMs }) => {
        const seconds = ` ${(elapsedMs / 1000).toFixed(2)}s`.padStart(9, '-')
        const first = `${`${name} `.padEnd(columns - 9, '-')}${seconds}`
        return verbosity < 2 ? [first] : [first, `${path} `.padEnd(columns, '-')]
      })
  }
}

function filled(text: string): string {
  return `${text} ${'*'.repeat(Math.max(3, width - text.length - 1))} `
}

/** `0:00:01.250`. */
function spanText(ms: number): string {
  const [hours, minutes, seconds] = [3_600_000, 60_000, 1000].map((unit) => Math.floor(ms / unit))
  const two = (count = 0) => String(count % 60).padStart(2, '0')
  return `${hours}:${two(minutes)}:${two(seconds)}.${String(ms % 1000).padStart(3, '0')}`
}

/** `Thursday 11 June 2017  22:50:53 +0100`, as the clock on the wall says it. */
function dateText(atMs: number): string {
  const date = new Date(atMs)
  const part = (options: Intl.DateTimeFormatOptions) => date.toLocaleString('en-GB', options)
  const day = String(date.getDate()).padStart(2, '0')
  const offset = -date.getTimezoneOffset()
  const away = Math.abs(offset)
  const two = (count: number) => String(Math.floor(count)).padStart(2, '0')
  const zone = `${offset < 0 ? '-' : '+'}${two(away / 60)}${two(away % 60)}`
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
  return `${part({ weekday: 'long' })} ${day} ${part({ month: 'long' })} ${date.getFullYear()}  ${time} ${zone}`
}
