import { isMap, without, newMap, mapOf } from '../../proto/value.ts'
import { readBool, textOf } from './arguments.ts'
import { askInstalled } from './installed-module.ts'
import { answer, failure, type HostModule } from './module.ts'
import { sendFor } from './sent-file.ts'

/** Unpacks an archive on the host; one of the controller is sent first. */
export const unarchive: HostModule = {
  kind: 'host',
  name: 'unarchive',
  isFreeForm: false,
  options: 'any',
  ask: async (call) => {
    const src = call.args.get('src')
    const dest = call.args.get('dest')
    const creates = call.args.get('creates')
    const copy = call.args.get('copy')
    const remote = call.args.get('remote_src')
    if (src === undefined || dest === undefined || src === null || dest === null)
      return failure('src (or content) and dest are required')
    if (creates !== undefined && creates !== null && (await isThere(textOf(creates)))) {
      const because = `skipped, since ${textOf(creates)} exists`
      return answer(mapOf({ changed: false, skipped: true, msg: because }))
    }
    const isThereAlready = remote === undefined ? isFalse(copy) : readBool(remote) === true
    const shared = without(call.args, ['copy', 'remote_src', 'decrypt'])
    if (isThereAlready) {
      const args = newMap([...shared, ['remote_src', true]])
      return await askInstalled(call, { name: 'unarchive', args })
    }
    const sent = await sendFor(call, call.files.find('files', textOf(src)))
    const args = newMap([...shared, ['src', sent]])
    return await askInstalled(call, { name: 'unarchive', args, removes: sent })

    async function isThere(path: string): Promise<boolean> {
      const looked = await call.operation('stat', mapOf({ path, follow: true }))
      const stat = looked.get('stat')
      return isMap(stat) && stat.get('exists') === true
    }
  },
}

/** The old name of the option: `copy: no` means that the archive is on the host. */
function isFalse(copy: Parameters<typeof readBool>[0] | undefined): boolean {
  return copy !== undefined && copy !== null && readBool(copy) === false
}
