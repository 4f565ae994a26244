import { ErrandError } from '../../proto/errors.ts'
import type { RecordedPlace } from '../run/ports.ts'

/** Why a run was asked to stop, and what is to become of the jobs that it has out. */
export class Interruption extends ErrandError {
  /** They are ended too; else they go on. */
  readonly cancelsJobs: boolean

  constructor({ cancelsJobs }: { readonly cancelsJobs: boolean }) {
    super('interrupted', 'the user asked the run to stop')
    this.cancelsJobs = cancelsJobs
  }

  /** How the record keeps it, for the case that the controller dies before the run has stopped. */
  get place(): RecordedPlace {
    return { position, value: JSON.stringify({ cancelsJobs: this.cancelsJobs }) }
  }

  /** What was asked of a run before its controller died. */
  static recordedIn(checkpoints: ReadonlyMap<string, string>): Interruption | undefined {
    const text = checkpoints.get(position)
    if (text === undefined) return undefined
    return new Interruption(JSON.parse(text) as { readonly cancelsJobs: boolean })
  }
}

const position = 'stop'

/** The controller leaves: its runs break off as if it had died, and the next one goes on with them. */
export class Leaving extends ErrandError {
  constructor() {
    super('cancelled', 'the controller leaves; the next one goes on with its runs')
  }
}
