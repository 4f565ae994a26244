import { randomBytes } from 'node:crypto'
import { ErrandError } from '../../proto/errors.ts'
import { newMap } from '../../proto/value.ts'
import { textOf } from './arguments.ts'
import type { HostCall } from './module.ts'

/**
 * Puts a file of the controller where an installed module can read it, and gives its path on the host. Who asks has it
 * removed with the module's end (see InstalledCall.removes).
 */
export async function sendFor(call: HostCall, file: string): Promise<string> {
  const dest = `/tmp/.errand-${randomBytes(12).toString('hex')}`
  const result = await call.operation(
    'copy',
    newMap([
      ['dest', dest],
      ['mode', '0600'],
      ['_upload', await call.upload({ path: file })],
      ['_check', false],
      ['_diff', false],
    ]),
  )
  if (result['failed'] !== true) return dest
  throw new ErrandError('invalid', textOf(result['msg'] ?? `${file} could not be sent`))
}
