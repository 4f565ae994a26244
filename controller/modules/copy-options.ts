import { stat } from 'node:fs/promises'
import { newMap, textEntries, type ValueMap } from '../../proto/value.ts'
import { fileAttributes } from './file-attributes.ts'
import type { HostCall, OptionTable } from './module.ts'

/** Options that copy and template share. */
export const copyOptions: OptionTable = {
  ...fileAttributes,
  src: { type: 'path' },
  dest: { type: 'path' },
  backup: { type: 'bool', default: false },
  force: { type: 'bool', default: true },
  validate: { type: 'str' },
  follow: { type: 'bool' },
}

/** What the copy module on the host takes; the controller's half has settled the rest by then. */
export const copyModuleOptions: OptionTable = {
  ...copyOptions,
  follow: { type: 'bool', default: false },
  content: { type: 'str' },
  directory_mode: { type: 'raw' },
  remote_src: { type: 'bool' },
  local_follow: { type: 'bool' },
  checksum: { type: 'str' },
  _original_basename: { type: 'str' },
}

/** `mode: preserve` is the mode that the controller's file has. */
export async function optionsFor(call: HostCall, path: string): Promise<ValueMap> {
  const options = fileOptions(call.args)
  if (options.get('mode') !== 'preserve') return options
  const mode = ((await stat(path)).mode & 0o7777).toString(8).padStart(4, '0')
  return newMap([...options, ['mode', mode]])
}

/** What the agent needs of the arguments: where the content comes from is settled here. */
export function fileOptions(args: ValueMap): ValueMap {
  const settled = new Set(['src', 'content', 'dest', 'decrypt', 'local_follow', 'remote_src'])
  return newMap(textEntries(args).filter(([name]) => !settled.has(name)))
}
