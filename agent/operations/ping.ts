import { CannotDo } from './cannot-do.ts'
import type { Operation } from './operation.ts'

/** `ping`: answers with `data`, or `pong`. */
export const ping: Operation = ({ data = 'pong' }) => {
  if (data === 'crash') throw new CannotDo('boom')
  return Promise.resolve({ changed: false, ping: data })
}
