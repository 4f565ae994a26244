import { randomBytes } from 'node:crypto'
import { basename, join } from 'node:path'
import { ErrandError } from '../../proto/errors.ts'
import { mapOf, newMap, type MutableMap } from '../../proto/value.ts'
import { textOf } from './arguments.ts'
import type { HostCall } from './module.ts'

/**
 * Puts a file of the controller where an installed module can read it, and gives its path on the host. Who asks has it
 * removed with the module's end (see InstalledCall.removes).
 */
export async function sendFor(call: HostCall, file: string): Promise<string> {
  const dest = unusedPath()
  await send(call, file, dest)
  return dest
}

/** As {@link sendFor}, for several files under their own names: gives the folder that they are in. */
export async function sendTogether(call: HostCall, files: readonly string[]): Promise<string> {
  const folder = unusedPath()
  await ask(call, 'file', mapOf({ path: folder, state: 'directory', mode: '0700' }))
  for (const file of files) await send(call, file, join(folder, basename(file)))
  return folder
}

function unusedPath(): string {
  return `/tmp/.errand-${randomBytes(12).toString('hex')}`
}

async function send(call: HostCall, file: string, dest: string): Promise<void> {
  const _upload = await call.upload({ path: file })
  await ask(call, 'copy', mapOf({ dest, mode: '0600', _upload }))
}

async function ask(call: HostCall, name: string, args: MutableMap): Promise<void> {
  const whole = newMap([...args, ['_check', false], ['_diff', false]])
  const result = await call.operation(name, whole)
  if (result.get('failed') !== true) return
  throw new ErrandError('invalid', textOf(result.get('msg') ?? `${name} failed on the host`))
}
