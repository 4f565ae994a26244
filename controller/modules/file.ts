import { fileAttributes } from './file-attributes.ts'
import type { HostModule, OptionTable } from './module.ts'
import { askOperation } from './operation.ts'
import { operationArgs } from './plain-operations.ts'

export const fileModuleOptions: OptionTable = {
  ...fileAttributes,
  state: { type: 'str', choices: ['absent', 'directory', 'file', 'hard', 'link', 'touch'] },
  path: { type: 'path', isRequired: true, aliases: ['dest', 'name'] },
  recurse: { type: 'bool', default: false },
  force: { type: 'bool', default: false },
  follow: { type: 'bool', default: true },
  src: { type: 'path' },
  modification_time: { type: 'str' },
  modification_time_format: { type: 'str', default: '%Y%m%d%H%M.%S' },
  access_time: { type: 'str' },
  access_time_format: { type: 'str', default: '%Y%m%d%H%M.%S' },
  _original_basename: { type: 'str' },
  _diff_peek: { type: 'bool' },
}

/** Files, folders and links: there, gone, and with which attributes. */
export const file: HostModule = {
  kind: 'host',
  name: 'file',
  isFreeForm: false,
  options: fileModuleOptions,
  toldArgs: ({ map }) => map,
  ask: async (call) => askOperation('file', operationArgs(call)),
}
