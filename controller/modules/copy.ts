import { readdir, stat } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import {
  textEntries,
  mapOf,
  isList,
  isMap,
  newMap,
  type Value,
  type ValueMap,
} from '../../proto/value.ts'
import { textOf } from './arguments.ts'
import { jsonText } from '../template/python/json.ts'
import { fileAttributes } from './file-attributes.ts'
import {
  answer,
  failure,
  type Answer,
  type Ask,
  type HostCall,
  type HostModule,
  type OptionTable,
} from './module.ts'
import { askOperation } from './operation.ts'
import { operationArgs } from './plain-operations.ts'
import { readEnd } from './read-end.ts'
import { askForFile } from './send-file.ts'

/** Options that copy and template share. */
export const copyOptions: OptionTable = {
  ...fileAttributes,
  src: { type: 'path' },
  dest: { type: 'path' },
  backup: { type: 'bool', default: false },
  force: { type: 'bool', default: true },
  validate: { type: 'str' },
  follow: { type: 'bool', default: false },
}

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
    local_follow: { type: 'bool', default: true },
    checksum: { type: 'str' },
    decrypt: { type: 'bool', default: true, isOurs: true },
    _original_basename: { type: 'str' },
  },
  ask: async (call) => {
    const src = call.args.get('src')
    const content = call.args.get('content')
    const dest = call.args.get('dest')
    if (dest === undefined) return failure('dest is required')
    if (content === undefined && src === undefined) return failure('src (or content) is required')
    if (content !== undefined && src !== undefined)
      return failure('src and content are mutually exclusive')
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
  if ((await stat(path)).isDirectory())
    return await copyFolder(call, { path, dest, isContents: src.endsWith('/') })
  return await askForFile(call, {
    content: { path },
    basename: basename(path),
    dest,
    shownAs: path,
    options: await optionsFor(call, path),
  })
}

/** Everything in a folder, one file after the other. With a slash at the end of `src` only what is in it. */
async function copyFolder(
  call: HostCall,
  folder: { readonly path: string; readonly dest: string; readonly isContents: boolean },
): Promise<Answer> {
  const root = folder.path.replace(/\/+$/u, '')
  const target = folder.isContents ? folder.dest : join(folder.dest, basename(root))
  let changed = false
  for (const entry of await entriesBelow(root)) {
    const dest = join(target, relative(root, entry.path))
    const result = entry.isFolder
      ? await makeFolder(call, dest)
      : await sendNow(call, { path: entry.path, dest })
    if (result.get('failed') === true) return answer(result)
    changed ||= result.get('changed') === true
  }
  return answer(mapOf({ changed, dest: folder.dest, src: folder.path }))
}

interface Entry {
  readonly path: string
  readonly isFolder: boolean
}

async function entriesBelow(path: string): Promise<readonly Entry[]> {
  const found: Entry[] = [{ path, isFolder: true }]
  for (const name of (await readdir(path)).toSorted()) {
    const one = join(path, name)
    if ((await stat(one)).isDirectory()) found.push(...(await entriesBelow(one)))
    else found.push({ path: one, isFolder: false })
  }
  return found
}

async function makeFolder(call: HostCall, path: string): Promise<ValueMap> {
  const mode = call.args.get('directory_mode')
  const owner = call.args.get('owner')
  const group = call.args.get('group')
  const args = newMap([
    ['path', path],
    ['state', 'directory'],
    ['_check', call.checkMode],
    ['_diff', call.diffMode],
  ])
  if (mode !== undefined) args.set('mode', mode)
  if (owner !== undefined) args.set('owner', owner)
  if (group !== undefined) args.set('group', group)
  return await call.operation('file', args)
}

async function sendNow(
  call: HostCall,
  file: { readonly path: string; readonly dest: string },
): Promise<ValueMap> {
  const ask = await askForFile(call, {
    content: { path: file.path },
    basename: basename(file.path),
    dest: file.dest,
    shownAs: file.path,
    options: await optionsFor(call, file.path),
  })
  return readEnd(ask.reading, await call.command(ask.work))
}

/** `mode: preserve` is the mode that the controller's file has. */
async function optionsFor(call: HostCall, path: string): Promise<ValueMap> {
  const options = fileOptions(call.args)
  if (options.get('mode') !== 'preserve') return options
  const mode = ((await stat(path)).mode & 0o7777).toString(8).padStart(4, '0')
  return newMap([...options, ['mode', mode]])
}

/** What the agent needs of the arguments: where the content comes from is settled here. */
export function fileOptions(args: ValueMap): ValueMap {
  const settled = new Set([
    'src',
    'content',
    'dest',
    'decrypt',
    'local_follow',
    'checksum',
    'remote_src',
  ])
  return newMap(textEntries(args).filter(([name]) => !settled.has(name)))
}
