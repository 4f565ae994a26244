import { basename } from 'node:path'
import { textEntries, newMap, type ValueMap } from '../../proto/value.ts'
import { textOf } from './arguments.ts'
import { copyOptions, fileOptions } from './copy.ts'
import type { HostModule } from './module.ts'
import { askForFile } from './send-file.ts'

const settingNames = [
  'block_start_string',
  'block_end_string',
  'variable_start_string',
  'variable_end_string',
  'comment_start_string',
  'comment_end_string',
  'newline_sequence',
  'trim_blocks',
  'lstrip_blocks',
  'output_encoding',
] as const

/** Puts a file on the host whose text is a template. */
export const template: HostModule = {
  kind: 'host',
  name: 'template',
  legacyName: 'ansible.legacy.copy',
  isFreeForm: false,
  options: {
    ...copyOptions,
    src: { type: 'path', isRequired: true },
    dest: { type: 'path', isRequired: true },
    newline_sequence: { type: 'str', default: '\n' },
    block_start_string: { type: 'str' },
    block_end_string: { type: 'str' },
    variable_start_string: { type: 'str' },
    variable_end_string: { type: 'str' },
    comment_start_string: { type: 'str' },
    comment_end_string: { type: 'str' },
    trim_blocks: { type: 'bool', default: true },
    lstrip_blocks: { type: 'bool', default: false },
    output_encoding: { type: 'str', default: 'utf-8' },
  },
  ask: async (call) => {
    const src = textOf(call.args.get('src') ?? '')
    const dest = textOf(call.args.get('dest') ?? '')
    const path = call.files.find('templates', src)
    const settings = newMap(textEntries(call.args).filter(([name]) => isSetting(name)))
    const text = call.renderFile(path, { settings, src, dest })
    return await askForFile(call, {
      content: Buffer.from(text, 'utf8'),
      basename: basename(path),
      dest,
      shownAs: path,
      options: withoutSettings(fileOptions(call.args)),
    })
  },
}

function isSetting(name: string): boolean {
  return (settingNames as readonly string[]).includes(name)
}

function withoutSettings(options: ValueMap): ValueMap {
  return newMap(textEntries(options).filter(([name]) => !isSetting(name)))
}
