import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ErrandError } from '../../proto/errors.ts'
import {
  textEntries,
  mapOf,
  isMap,
  newMap,
  without,
  type Value,
  type ValueMap,
} from '../../proto/value.ts'
import { readBool } from './arguments.ts'
import { copyModuleOptions } from './copy-options.ts'
import { fileAttributes } from './file-attributes.ts'
import { fileModuleOptions } from './file.ts'
import { invocationOf } from './invocation.ts'
import { answer, type Answer, type Ask, type Finished, type HostCall } from './module.ts'
import { askOperation, operationResult } from './operation.ts'
import { nested } from './plain-operations.ts'
import type { FileReading } from './reading.ts'

/** A file that is to be on the host. */
export interface FileToSend {
  readonly content: Uint8Array | { readonly path: string }
  /** Its name, when `dest` turns out to be a folder; undefined when it may not be one. */
  readonly basename: string | undefined
  readonly dest: string
  /** What a difference calls its new side. */
  readonly shownAs: string
  /** The arguments of the task that its copy or file module is called with as well. */
  readonly given: ValueMap
  /** mode, owner, group, backup, validate, force … as the module was given them. */
  readonly options: ValueMap
}

/** Asks for a file to be there with its content and attributes; the bytes are sent only when they differ. */
export async function askForFile(call: HostCall, file: FileToSend): Promise<Ask | Answer> {
  const { options, dest } = file
  const isForced = readBool(options.get('force') ?? true) !== false
  const there = await lookAt(call, file)
  if (there.exists && !isForced)
    return answer(mapOf({ dest, src: sourceShown(file), changed: false }))
  const checksum = await checksumOf(file.content)
  const { path } = there
  const { checkMode } = call
  const reading = { kind: 'file', checksum, dest: path, shownAs: file.shownAs, checkMode } as const
  const flags: readonly [string, Value][] = [
    ['_check', call.checkMode],
    ['_diff', call.diffMode],
  ]
  if (there.isFile && there.checksum === checksum) {
    const attributes = newMap([
      ...attributesOf(options),
      ['path', path],
      ['state', 'file'],
      ...flags,
    ])
    const invocation = invocationOf(fileModuleOptions, fileArgs(file, path))
    const asked = { ...reading, operation: 'file', invocation } as const
    return { ...askOperation('file', attributes), reading: asked }
  }
  const args = newMap([...options, ['dest', dest], ...flags])
  if (!args.has('checksum')) args.set('checksum', checksum)
  args.set('_original_basename', file.basename ?? basename(path))
  if (!checkMode || call.diffMode) args.set('_upload', await call.upload(file.content))
  const ask = { ...askOperation('copy', args), reading: { ...reading, operation: 'copy' } as const }
  if (checkMode) return ask
  const invocation = invocationOf(copyModuleOptions, copyArgs(file, args))
  return { ...ask, reading: { ...ask.reading, invocation } }
}

/** What Ansible's file module is called with, for a content that was there. */
function fileArgs(file: FileToSend, path: string): ValueMap {
  const kept = [...Object.keys(fileAttributes), 'attr', 'force', '_diff_peek']
  return newMap([
    ...textEntries(file.given).filter(([name]) => kept.includes(name)),
    ...modeOf(file.options),
    ...mapOf({ dest: file.dest, path, _original_basename: file.basename ?? basename(path) }),
    ['state', 'file'],
  ])
}

/** What Ansible's copy module is called with: `src` is where the host has the file, and the result knows that. */
function copyArgs({ given }: FileToSend, args: ValueMap): ValueMap {
  const names = [...Object.keys(copyModuleOptions), 'attr']
  const own = ['dest', 'checksum', '_original_basename', 'follow']
  return newMap([
    ...textEntries(without(given, ['content', 'src'])).filter(([name]) => names.includes(name)),
    ...modeOf(args),
    ...textEntries(args).filter(([name]) => own.includes(name)),
  ])
}

/** Settled by now where it was `preserve`. */
function modeOf(options: ValueMap): readonly (readonly [string, Value])[] {
  const mode = options.get('mode')
  return mode === undefined ? [] : [['mode', mode]]
}

/** A text has no file of its own: Ansible names the one that it puts it in. */
function sourceShown({ content, dest }: FileToSend): string {
  return content instanceof Uint8Array ? `/tmp/errand/${basename(dest)}` : content.path
}

async function checksumOf(content: FileToSend['content']): Promise<string> {
  const hash = createHash('sha1')
  if (content instanceof Uint8Array) return hash.update(content).digest('hex')
  await pipeline(createReadStream(content.path), hash)
  return hash.digest('hex')
}

interface There {
  readonly path: string
  readonly exists: boolean
  readonly isFile: boolean
  readonly checksum: string
}

/** What stands at the destination; into a folder goes a file of the same name. */
async function lookAt(call: HostCall, file: FileToSend): Promise<There> {
  const { dest, basename: name } = file
  const follow = readBool(file.options.get('follow') ?? false) === true
  const look = (path: string) => statPath(call, { path, follow })
  if (dest.endsWith('/') && name !== undefined) return await look(dest + name)
  const there = await look(dest)
  if (!there.isFolder) return there
  if (name === undefined) throw new ErrandError('invalid', 'can not use content with a dir as dest')
  return await look(`${dest}/${name}`)
}

async function statPath(
  call: HostCall,
  { path, follow }: { readonly path: string; readonly follow: boolean },
): Promise<There & { readonly isFolder: boolean }> {
  const args = mapOf({ path, follow, get_mime: false, get_attributes: false })
  const found = nested(await call.operation('stat', args), 'stat')
  const checksum = found.get('checksum')
  return {
    path,
    exists: found.get('exists') === true,
    isFile: found.get('isreg') === true,
    isFolder: found.get('isdir') === true,
    checksum: typeof checksum === 'string' ? checksum : '',
  }
}

const attributeNames = [
  'mode',
  'owner',
  'group',
  'seuser',
  'serole',
  'selevel',
  'setype',
  'attributes',
  'follow',
]

function attributesOf(options: ValueMap): [string, Value][] {
  return textEntries(options).filter(([name]) => attributeNames.includes(name))
}

/** What became of a file that was to be there. */
export function fileResult(reading: FileReading, end: Finished): ValueMap {
  const { operation, checksum, dest, shownAs, checkMode } = reading
  const result = operationResult(operation, end)
  if (result.get('failed') === true) return refused(result, checksum)
  if (operation === 'file') return kept(result, mapOf({ checksum, dest }))
  const named = withHeader(result, shownAs)
  return checkMode ? wouldChange(named) : copied(named, checksum)
}

/** The content was there: what the file operation did to its attributes, and what copy says beside it. */
function kept(result: ValueMap, more: ValueMap): ValueMap {
  return newMap([['diff', []], ...result, ...more])
}

/** A list with the difference. On the host the new side is an upload; people know it by where it comes from. */
function withHeader(result: ValueMap, shownAs: string): ValueMap {
  const diff = result.get('diff')
  if (!isMap(diff)) return result
  const named = diff.has('after_header') ? newMap([...diff, ['after_header', shownAs]]) : diff
  return newMap([...result, ['diff', [named]]])
}

function copied(result: ValueMap, checksum: string): ValueMap {
  return newMap([['diff', []], ...result, ['checksum', checksum]])
}

/** Check mode tells that it would change, and the difference where that is asked for. */
function wouldChange(result: ValueMap): ValueMap {
  return newMap([
    ['changed', result.get('changed') ?? true],
    ['diff', result.get('diff') ?? []],
  ])
}

function refused(result: ValueMap, checksum: string): ValueMap {
  return newMap([['diff', []], ...result, ['checksum', checksum]])
}
