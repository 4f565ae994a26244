import { randomInt } from 'node:crypto'
import { basename, join } from 'node:path'
import { ErrandError } from '../../proto/errors.ts'
import { mapOf, newMap, type MutableMap } from '../../proto/value.ts'
import { textOf } from './arguments.ts'
import type { HostCall } from './module.ts'

/** A file of the controller on the host. */
export interface SentFile {
  readonly path: string
  /** Holds nothing else. */
  readonly folder: string
}

/**
 * Puts a file of the controller where an installed module can read it, in a folder of its own. Who asks has that removed with the
 * module's end (see InstalledCall.removes).
 */
export async function sendFor(call: HostCall, file: string): Promise<SentFile> {
  const folder = unusedFolder(call)
  const name = { dest: `${folder}/`, _original_basename: 'source', directory_mode: '0700' }
  await send(call, file, name)
  return { path: `${folder}/source`, folder }
}

/** As {@link sendFor}, for several files under their own names: gives the folder that they are in. */
export async function sendTogether(call: HostCall, files: readonly string[]): Promise<string> {
  const folder = unusedFolder(call)
  await ask(call, 'file', mapOf({ path: folder, state: 'directory', mode: '0700' }))
  for (const file of files) await send(call, file, { dest: join(folder, basename(file)) })
  return folder
}

/** Named as Ansible names such folders: results show it. */
function unusedFolder({ nowMs }: HostCall): string {
  const seconds = (nowMs / 1000).toFixed(7)
  return `/tmp/ansible-tmp-${seconds}-${process.pid}-${randomInt(2 ** 47)}`
}

async function send(
  call: HostCall,
  file: string,
  where: Parameters<typeof mapOf>[0],
): Promise<void> {
  const _upload = await call.upload({ path: file })
  await ask(call, 'copy', mapOf({ ...where, mode: '0600', _upload }))
}

async function ask(call: HostCall, name: string, args: MutableMap): Promise<void> {
  const whole = newMap([...args, ['_check', false], ['_diff', false]])
  const result = await call.operation(name, whole)
  if (result.get('failed') !== true) return
  throw new ErrandError('invalid', textOf(result.get('msg') ?? `${name} failed on the host`))
}
