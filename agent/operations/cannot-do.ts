import type { JsonMap } from './operation.ts'

/** Ends an operation with a failed result. */
export class CannotDo extends Error {
  readonly details: JsonMap

  constructor(message: string, details: JsonMap = {}) {
    super(message)
    this.details = details
  }
}
