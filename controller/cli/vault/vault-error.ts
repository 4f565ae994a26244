import { ErrandError } from '../../../proto/errors.ts'

/** A command line that makes no sense: `errand vault` ends with 5 then, as ansible-vault does. */
export class VaultUsageError extends ErrandError {
  constructor(message: string) {
    super('invalid', message)
  }
}
