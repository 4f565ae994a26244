import { createHash } from 'node:crypto'
import { newMap, type MutableMap, type Value, type ValueMap } from '../../proto/value.ts'
import type { Ask, HostCall } from './module.ts'
import { askOperation } from './operation.ts'
import { nested } from './plain-operations.ts'

/** A file that is to be on the host. */
export interface FileToSend {
  readonly content: Uint8Array
  /** Its name, when `dest` turns out to be a folder. */
  readonly basename: string
  readonly dest: string
  /** mode, owner, group, backup, validate, force … as the module was given them. */
  readonly options: ValueMap
}

/** Asks for a file to be there with its content and attributes; the bytes are sent only when they differ. */
export async function askForFile(call: HostCall, file: FileToSend): Promise<Ask> {
  const checksum = createHash('sha1').update(file.content).digest('hex')
  const there = await lookAt(call, file)
  const flags: [string, Value][] = [
    ['_check', call.checkMode],
    ['_diff', call.diffMode],
  ]
  if (there.isFile && there.checksum === checksum) {
    const attributes = newMap([
      ...attributesOf(file.options),
      ['path', there.path],
      ['state', 'file'],
      ...flags,
    ])
    return asCopied(askOperation('file', attributes), { checksum, dest: there.path })
  }
  const isNeeded = !call.checkMode || call.diffMode
  const args = newMap([
    ...Object.entries(file.options),
    ['dest', there.path],
    ['checksum', checksum],
    ...flags,
  ])
  args['_original_basename'] = file.basename
  if (isNeeded) args['_upload'] = await call.upload(file.content)
  return askOperation('copy', args)
}

interface There {
  readonly path: string
  readonly isFile: boolean
  readonly checksum: string
}

/** What stands at the destination; into a folder goes a file of the same name. */
async function lookAt(call: HostCall, file: FileToSend): Promise<There> {
  const { dest, basename } = file
  if (dest.endsWith('/')) return await statPath(call, dest + basename)
  const there = await statPath(call, dest)
  return there.isFolder ? await statPath(call, `${dest}/${basename}`) : there
}

async function statPath(
  call: HostCall,
  path: string,
): Promise<There & { readonly isFolder: boolean }> {
  const result = await call.operation(
    'stat',
    newMap([
      ['path', path],
      ['follow', true],
      ['get_checksum', true],
    ]),
  )
  const found = nested(result, 'stat')
  return {
    path,
    isFile: found['isreg'] === true,
    isFolder: found['isdir'] === true,
    checksum: typeof found['checksum'] === 'string' ? found['checksum'] : '',
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
]

function attributesOf(options: ValueMap): readonly [string, Value][] {
  return Object.entries(options).filter(([name]) => attributeNames.includes(name))
}

/** The file operation's result with what copy says beside it. */
function asCopied(ask: Ask, more: { readonly checksum: string; readonly dest: string }): Ask {
  return {
    ...ask,
    result: (end) => {
      const result: MutableMap = newMap(Object.entries(ask.result(end)))
      if (result['failed'] === true) return result
      return newMap([...Object.entries(result), ['checksum', more.checksum], ['dest', more.dest]])
    },
  }
}
