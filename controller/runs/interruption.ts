import { ErrandError } from '../../proto/errors.ts'

/** Why a run was asked to stop, and what is to become of the jobs that it has out. */
export class Interruption extends ErrandError {
  /** They are ended too; else they go on. */
  readonly cancelsJobs: boolean

  constructor(sentence: string, { cancelsJobs }: { readonly cancelsJobs: boolean }) {
    super('interrupted', sentence)
    this.cancelsJobs = cancelsJobs
  }
}
