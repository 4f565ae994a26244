import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { isList, isMap, type Value } from '../../proto/value.ts'
import { textOf } from './arguments.ts'
import { jsonText } from '../template/python/json.ts'
import { copyFolder } from './copy-folder.ts'
import { copyOptions, fileOptions, optionsFor } from './copy-options.ts'
import { failure, type Answer, type Ask, type HostCall, type HostModule } from './module.ts'
import { askOperation } from './operation.ts'
import { operationArgs } from './plain-operations.ts'
import { askForFile } from './send-file.ts'

/** Puts a file, a folder or a text on the host. */
export const copy: HostModule = {
  kind: 'host',
  name: 'copy',
  legacyName: 'ansible.legacy.copy',
  isFreeForm: false,
  options: {
    ...copyOptions,
    content: { type: 'raw' },
    directory_mode: { type: 'raw' },
    remote_src: { type: 'bool', default: false },
    local_follow: { type: 'bool' },
    checksum: { type: 'str' },
    decrypt: { type: 'bool', default: true, isOurs: true },
    _original_basename: { type: 'str' },
  },
  ask: async (call) => {
    const src = call.args.get('src')
    const content = call.args.get('content')
    const dest = call.args.get('dest')
    const hasSource = src !== undefined && src !== ''
    if (!hasSource && content === undefined) return failure('src (or content) is required')
    if (dest === undefined || dest === '') return failure('dest is required')
    if (hasSource && content !== undefined) return failure('src and content are mutually exclusive')
    if (content !== undefined) return await copyContent(call, content)
    if (call.args.get('remote_src') === true) return askOperation('copy', operationArgs(call))
    return await copyLocal(call, textOf(src ?? ''))
  },
}

async function copyContent(call: HostCall, content: Value): Promise<Ask | Answer> {
  const dest = textOf(call.args.get('dest') ?? '')
  if (dest.endsWith('/')) return failure('can not use content with a dir as dest')
  const text = isMap(content) || isList(content) ? jsonText(content) : textOf(content)
  return await askForFile(call, {
    content: Buffer.from(text, 'utf8'),
    basename: undefined,
    dest,
    shownAs: dest,
    options: fileOptions(call.args),
  })
}

async function copyLocal(call: HostCall, src: string): Promise<Ask | Answer> {
  const path = call.files.find('files', src)
  const dest = textOf(call.args.get('dest') ?? '')
  if ((await stat(path)).isDirectory()) return await copyFolder(call, { src, path, dest })
  return await askForFile(call, {
    content: { path },
    basename: basename(path),
    dest,
    shownAs: path,
    options: await optionsFor(call, path),
  })
}
