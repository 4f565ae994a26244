import { basename } from 'node:path'
import { textEntries, newMap, type ValueMap } from '../../proto/value.ts'
import { textOf } from './arguments.ts'
import { copyOptions, optionsFor } from './copy-options.ts'
import { withGivenArgs } from './copy.ts'
import { encoded } from './encode-text.ts'
import { failure, type HostModule } from './module.ts'
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
    src: { type: 'path' },
    dest: { type: 'path' },
    state: { type: 'raw', isOurs: true },
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
    if (call.args.has('state')) return failure("'state' cannot be specified on a template")
    if (src === '' || dest === '') return failure('src and dest are required')
    const newline = newlineFrom(textOf(call.args.get('newline_sequence') ?? '\n'))
    if (newline === undefined) return failure('newline_sequence needs to be one of: \n, \r or \r\n')
    const path = call.files.find('templates', src)
    const settings = newMap([
      ...textEntries(call.args).filter(([name]) => isSetting(name)),
      ['newline_sequence', newline],
    ])
    const text = call.renderFile(path, { settings, src, dest })
    const given = withoutSettings(call.given)
    const file = {
      content: encoded(text, textOf(call.args.get('output_encoding') ?? 'utf-8')),
      basename: basename(path),
      dest,
      shownAs: path,
      given,
      options: withoutSettings(await optionsFor(call, path)),
    }
    return withGivenArgs(await askForFile(call, file), given)
  },
}

/** Written with a backslash it means the same. */
function newlineFrom(written: string): string | undefined {
  const meant = written.replaceAll(String.raw`\n`, '\n').replaceAll(String.raw`\r`, '\r')
  return ['\n', '\r', '\r\n'].includes(meant) ? meant : undefined
}

function isSetting(name: string): boolean {
  return (settingNames as readonly string[]).includes(name)
}

function withoutSettings(options: ValueMap): ValueMap {
  return newMap(textEntries(options).filter(([name]) => !isSetting(name)))
}
