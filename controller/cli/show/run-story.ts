import type {
  HostResult,
  HostStats,
  ResultStatus,
  RunEvent,
  RunEventBody,
  TaskStarted,
} from '../../../proto/run.ts'
import type { ValueMap } from '../../../proto/value.ts'

/** A run as its events tell it, plays and tasks in the order that they began. */
export interface RunStory {
  readonly startedAtMs: number
  /** Of the last event. */
  readonly lastAtMs: number
  readonly plays: readonly PlayStory[]
  /** The recap; undefined as long as it has not come to one. */
  readonly stats: Readonly<Record<string, HostStats>> | undefined
  readonly end: Extract<RunEventBody, { kind: 'run_ended' }> | undefined
}

export interface PlayStory {
  readonly play: string
  readonly hosts: readonly string[]
  readonly startedAtMs: number
  readonly tasks: readonly TaskStory[]
}

export interface TaskStory {
  readonly task: string
  readonly module: string
  /** file:line */
  readonly path: string
  readonly startedAtMs: number
  readonly results: readonly ResultStory[]
}

/** What a task came to on a host. */
export interface ResultStory {
  /** `host`, or `host -> delegate`. */
  readonly host: string
  readonly status: ResultStatus
  readonly isIgnored: boolean
  readonly startedAtMs: number
  readonly endedAtMs: number
  readonly result: ValueMap
}

interface OpenTask extends TaskStory {
  readonly results: ResultStory[]
}

/** A task whose heading has come, and the last time that it did. */
interface HeadedTask {
  readonly heading: TaskStarted
  headedAtMs: number
  story: OpenTask
  /** With a result in the story. */
  hosts: Set<string>
}

interface OpenPlay extends PlayStory {
  readonly tasks: OpenTask[]
}

/** Makes the story of a run out of its events. */
export class RunStoryTeller {
  readonly #plays: OpenPlay[] = []
  /** Tasks of the present play. */
  #tasks = new Map<string, HeadedTask>()
  /** When the task of a host began that has no result yet. */
  readonly #begun = new Map<string, number>()
  #startedAtMs = 0
  #lastAtMs = 0
  #stats: RunStory['stats']
  #end: RunStory['end']

  get story(): RunStory {
    return {
      startedAtMs: this.#startedAtMs,
      lastAtMs: this.#lastAtMs,
      plays: this.#plays,
      stats: this.#stats,
      end: this.#end,
    }
  }

  note({ seq, atMs, body }: RunEvent): void {
    if (seq === 1) this.#startedAtMs = atMs
    this.#lastAtMs = atMs
    if (body.kind === 'play_started') this.#playStarted(body.play, body.hosts, atMs)
    if (body.kind === 'task_started') this.#taskStarted(body, atMs)
    if (body.kind === 'job_started' && !this.#begun.has(body.host)) this.#begun.set(body.host, atMs)
    if (body.kind === 'host_result') this.#hostResult(body, atMs)
    if (body.kind === 'stats') this.#stats = body.stats
    if (body.kind === 'run_ended') this.#end = body
  }

  #playStarted(play: string, hosts: readonly string[], startedAtMs: number): OpenPlay {
    const made: OpenPlay = { play, hosts, startedAtMs, tasks: [] }
    this.#plays.push(made)
    this.#tasks = new Map()
    return made
  }

  /** Under the free strategy a heading comes again before results of other hosts; the task is the same. */
  #taskStarted(heading: TaskStarted, headedAtMs: number): void {
    const known = this.#tasks.get(heading.taskId)
    if (known) known.headedAtMs = headedAtMs
    else {
      const story = this.#openTask(heading, headedAtMs)
      this.#tasks.set(heading.taskId, { heading, headedAtMs, story, hosts: new Set() })
    }
  }

  #openTask({ task, module, path }: TaskStarted, startedAtMs: number): OpenTask {
    const made: OpenTask = { task, module, path, startedAtMs, results: [] }
    this.#play(startedAtMs).tasks.push(made)
    return made
  }

  #hostResult(event: HostResult, endedAtMs: number): void {
    const { host, delegate } = event.host
    const begunMs = this.#begun.get(host) ?? Infinity
    this.#begun.delete(host)
    const task = this.#tasks.get(event.taskId)
    if (!task) return
    if (task.hosts.has(host)) {
      // The host is at it for the second time: a handler that was notified again, a file that was included again.
      task.story = this.#openTask(task.heading, task.headedAtMs)
      task.hosts = new Set()
    }
    task.hosts.add(host)
    task.story.results.push({
      host: delegate === undefined ? host : `${host} -> ${delegate}`,
      status: event.status,
      isIgnored: event.isIgnored,
      startedAtMs: Math.min(task.story.startedAtMs, begunMs),
      endedAtMs,
      result: event.result,
    })
  }

  #play(atMs: number): OpenPlay {
    return this.#plays.at(-1) ?? this.#playStarted('', [], atMs)
  }
}
