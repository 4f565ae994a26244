import { basename, join } from 'node:path'
import {
  without,
  isMap,
  newMap,
  type Value,
  type ValueMap,
  type MapKey,
} from '../../proto/value.ts'
import { readBool, textOf } from './arguments.ts'
import { askInstalled } from './installed-module.ts'
import type { HostCall, HostModule } from './module.ts'
import { sendFor, sendTogether } from './sent-file.ts'

/** Asks a web service from the host; a body in files of the controller is sent there first. */
export const uri: HostModule = {
  kind: 'host',
  name: 'uri',
  isFreeForm: false,
  options: 'any',
  ask: async (call) => {
    const src = call.args.get('src')
    const remote = call.args.get('remote_src')
    const rest = without(call.args, ['src', 'remote_src'])
    const isRemote = readBool(remote ?? false) === true
    const files = isRemote ? new Map<MapKey, string>() : formFiles(call, rest)
    if (files.size > 0) return await askWithForm(call, rest, files)
    const isOnHost = src === undefined || src === null || isRemote
    if (isOnHost) return await askInstalled(call, { name: 'uri', args: call.args })
    const sent = await sendFor(call, call.files.find('files', textOf(src)))
    return await askInstalled(call, {
      name: 'uri',
      args: newMap([...rest, ['src', sent.path]]),
      removes: sent.folder,
    })
  },
}

/** The files of the controller that a form names, by field. */
function formFiles(call: HostCall, args: ValueMap): Map<MapKey, string> {
  const body = args.get('body')
  const files = new Map<MapKey, string>()
  if (args.get('body_format') !== 'form-multipart' || !isMap(body)) return files
  for (const [field, value] of body) {
    if (!isMap(value) || isSet(value.get('content')) || !isSet(value.get('filename'))) continue
    files.set(field, call.files.find('files', textOf(value.get('filename') ?? '')))
  }
  return files
}

function isSet(value: Value | undefined): boolean {
  return value !== undefined && value !== null && value !== ''
}

async function askWithForm(
  call: HostCall,
  args: ValueMap,
  files: ReadonlyMap<MapKey, string>,
): ReturnType<typeof askInstalled> {
  const folder = await sendTogether(call, [...new Set(files.values())])
  const written = args.get('body')
  const body = newMap(isMap(written) ? written : [])
  for (const [field, value] of body) {
    const file = files.get(field)
    if (file === undefined || !isMap(value)) continue
    body.set(field, newMap([...value, ['filename', join(folder, basename(file))]]))
  }
  return await askInstalled(call, {
    name: 'uri',
    args: newMap([...args, ['body', body]]),
    removes: folder,
  })
}
