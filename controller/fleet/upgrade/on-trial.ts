import { ErrandError } from '../../../proto/errors.ts'

/** Thrown while an agent is on trial: who has not judged it takes no word of it, and leaves its host alone. */
export class OnTrial extends ErrandError {
  constructor(host: string) {
    super('unreachable', `${host}: its agent is being upgraded just now; try again in a minute`)
  }
}
