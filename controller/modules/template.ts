import { statSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { basename, resolve } from 'node:path'
import { newMap, type ValueMap } from '../../proto/value.ts'
import { textOf } from './arguments.ts'
import { copyOptions, fileOptions } from './copy.ts'
import type { HostModule } from './module.ts'
import { askForFile } from './send-file.ts'
import { localTime } from './times.ts'

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
    const src = textOf(call.args['src'] ?? '')
    const dest = textOf(call.args['dest'] ?? '')
    const path = call.files.find('templates', src)
    const settings = newMap(Object.entries(call.args).filter(([name]) => isSetting(name)))
    const text = call.renderFile(path, {
      settings,
      vars: templateVars({ path, dest, nowMs: call.nowMs }),
    })
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
  return newMap(Object.entries(options).filter(([name]) => !isSetting(name)))
}

/** The names that only a template file sees. */
function templateVars(of: {
  readonly path: string
  readonly dest: string
  readonly nowMs: number
}): ValueMap {
  const status = statSync(of.path)
  return newMap([
    ['ansible_managed', 'Ansible managed'],
    ['template_host', hostname()],
    ['template_uid', userInfo().username],
    ['template_path', of.path],
    ['template_fullpath', resolve(of.path)],
    ['template_destpath', of.dest],
    ['template_mtime', localTime(Math.floor(status.mtimeMs))],
    ['template_run_date', localTime(of.nowMs)],
  ])
}
