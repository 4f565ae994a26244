import { basename, join } from 'node:path'
import { isMap, newMap, type Value, type ValueMap } from '../../proto/value.ts'
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
    const { src, remote_src: remote, ...rest } = call.args
    const isRemote = readBool(remote ?? false) === true
    const files = isRemote ? new Map<string, string>() : formFiles(call, rest)
    if (files.size > 0) return await askWithForm(call, rest, files)
    const isOnHost = src === undefined || src === null || isRemote
    if (isOnHost) return await askInstalled(call, { name: 'uri', args: call.args })
    const sent = await sendFor(call, call.files.find('files', textOf(src)))
    return await askInstalled(call, { name: 'uri', args: { ...rest, src: sent }, removes: sent })
  },
}

/** The files of the controller that a form names, by field. */
function formFiles(call: HostCall, { body, body_format: format }: ValueMap): Map<string, string> {
  const files = new Map<string, string>()
  if (format !== 'form-multipart' || !isMap(body)) return files
  for (const [field, value] of Object.entries(body)) {
    if (!isMap(value) || isSet(value['content']) || !isSet(value['filename'])) continue
    files.set(field, call.files.find('files', textOf(value['filename'] ?? '')))
  }
  return files
}

function isSet(value: Value | undefined): boolean {
  return value !== undefined && value !== null && value !== ''
}

async function askWithForm(
  call: HostCall,
  args: ValueMap,
  files: ReadonlyMap<string, string>,
): ReturnType<typeof askInstalled> {
  const folder = await sendTogether(call, [...new Set(files.values())])
  const fields = Object.entries(isMap(args['body']) ? args['body'] : {})
  const body = newMap(
    fields.map(([field, value]) => {
      const file = files.get(field)
      if (file === undefined || !isMap(value)) return [field, value]
      return [field, { ...value, filename: join(folder, basename(file)) }]
    }),
  )
  return await askInstalled(call, { name: 'uri', args: { ...args, body }, removes: folder })
}
