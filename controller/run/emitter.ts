import type { RunEventBody, TaskStarted } from '../../proto/run.ts'
import type { Checkpoints } from './checkpoints.ts'
import type { RecordPort } from './ports.ts'

/** Where in the run an event belongs, and what is kept with it for who goes on. */
export interface EventPlace {
  readonly position: string
  /** A checkpoint's text (see checkpointText). */
  readonly value?: string
}

/**
 * Puts a run's events into the record one after the other; those that the record has already, from the controller that began the
 * run, are left out. Under the free strategy a task's heading comes when its first result does, and again when another
 * task's result came between.
 */
export class Emitter {
  readonly #record: RecordPort
  readonly #checkpoints: Checkpoints
  #tail: Promise<void> = Promise.resolve()
  #heading: string | undefined

  constructor(record: RecordPort, checkpoints: Checkpoints) {
    this.#record = record
    this.#checkpoints = checkpoints
  }

  /**
   * Resolves when the event has been written; the order is that of the calls. Its position is its own kind and subject, and how often
   * that was told: for what the run itself tells, which comes to the same each time that it is carried out.
   */
  emit(...bodies: readonly RunEventBody[]): Promise<void> {
    for (const body of bodies) {
      if (body.kind === 'task_started') this.#heading = body.taskId
      const place = placeOf(body)
      if (place === undefined) this.#append(body)
      else this.#appendAt(body, { position: this.#checkpoints.visit(place) })
    }
    return this.#tail
  }

  /** The same for what is told of a task on a host. */
  emitAt(body: RunEventBody, place: EventPlace): Promise<void> {
    this.#appendAt(body, place)
    return this.#tail
  }

  /** Emits a task's event below its heading, which is written first when another stands there. */
  emitBelow(heading: TaskStarted, body: RunEventBody, place?: EventPlace): Promise<void> {
    if (place && this.#checkpoints.has(place.position)) return this.#tail
    if (this.#heading !== heading.taskId) {
      this.#heading = heading.taskId
      this.#append(heading)
    }
    if (place) this.#appendAt(body, place)
    else this.#append(body)
    return this.#tail
  }

  /** A heading with nothing below it yet, unless it stands there already. */
  emitHeading(heading: TaskStarted, place: EventPlace): Promise<void> {
    if (this.#heading !== heading.taskId) {
      this.#heading = heading.taskId
      this.#appendAt(heading, place)
    }
    return this.#tail
  }

  /** Runs `work` with an emitter of its own; what is told here meanwhile comes after. */
  alone<T>(work: (emitter: Emitter) => Promise<T>): Promise<T> {
    const done = this.#tail.then(() => work(new Emitter(this.#record, this.#checkpoints)))
    this.#tail = settled(done) // whoever asked for the work is told when it fails
    return done
  }

  /** Keeps something for who goes on with the run, without an event. */
  keep(position: string, value: string): Promise<void> {
    if (!this.#checkpoints.has(position)) {
      this.#tail = this.#tail.then(() => this.#record.keep({ position, value }))
    }
    return this.#tail
  }

  #appendAt(body: RunEventBody, { position, value = '' }: EventPlace): void {
    if (!this.#checkpoints.has(position)) this.#append(body, { position, value })
  }

  #append(body: RunEventBody, checkpoint?: { readonly position: string; readonly value: string }) {
    this.#tail = this.#tail.then(() => this.#record.append(body, checkpoint))
  }
}

/** What an event is about; undefined for those that tell of waiting, which is not the same each time. */
function placeOf(body: RunEventBody): string | undefined {
  switch (body.kind) {
    case 'async_poll':
    case 'install_step':
      return undefined
    case 'play_started':
      return `e:play:${body.play}`
    case 'task_started':
      return `e:task:${body.taskId}`
    case 'async_ok':
    case 'async_failed':
      return `e:${body.kind}:${body.jobId}`
    case 'included':
      return `e:included:${body.file}:${body.hosts.join(',')}`
    case 'notified':
      return `e:notified:${body.handler}:${body.host}`
    case 'host_result':
      return `e:result:${body.taskId}:${body.host.host}`
    case 'message':
    case 'text':
      return `e:${body.kind}:${body.text}`
    default:
      return `e:${body.kind}`
  }
}

async function settled(work: Promise<unknown>): Promise<void> {
  await Promise.allSettled([work])
}
