import { readBool, textOf } from './arguments.ts'
import { askInstalled } from './installed-module.ts'
import { failure, type HostModule } from './module.ts'
import { sendFor } from './sent-file.ts'

/** Asks a web service from the host; a body in a file of the controller is sent there first. */
export const uri: HostModule = {
  kind: 'host',
  name: 'uri',
  isFreeForm: false,
  options: 'any',
  ask: async (call) => {
    const { src, remote_src: remote, ...rest } = call.args
    if (rest['body_format'] === 'form-multipart' && readBool(remote ?? false) !== true)
      return failure('body_format form-multipart with files of the controller is not there yet')
    const isOnHost = src === undefined || src === null || readBool(remote ?? false) === true
    if (isOnHost) return await askInstalled(call, { name: 'uri', args: call.args })
    const sent = await sendFor(call, call.files.find('files', textOf(src)))
    return await askInstalled(call, { name: 'uri', args: { ...rest, src: sent }, removes: sent })
  },
}
