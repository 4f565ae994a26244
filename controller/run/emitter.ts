import type { RunEventBody, TaskStarted } from '../../proto/run.ts'
import type { RecordPort } from './ports.ts'

/**
 * Puts a run's events into the record one after the other. Under the free strategy a task's heading comes when its
 * first result does, and again when another task's result came between.
 */
export class Emitter {
  readonly #record: RecordPort
  #tail: Promise<void> = Promise.resolve()
  #heading: string | undefined

  constructor(record: RecordPort) {
    this.#record = record
  }

  /** Resolves when the event has been written; the order is that of the calls. */
  emit(...bodies: readonly RunEventBody[]): Promise<void> {
    for (const body of bodies) {
      if (body.kind === 'task_started') this.#heading = body.taskId
      this.#tail = this.#tail.then(() => this.#record.append(body))
    }
    return this.#tail
  }

  /** Emits a task's event below its heading, which is written first when another stands there. */
  emitBelow(heading: TaskStarted, body: RunEventBody): Promise<void> {
    if (this.#heading !== heading.taskId) return this.emit(heading, body)
    return this.emit(body)
  }
}
