import { without, newMap, mapOf, type ValueMap } from '../../proto/value.ts'
import { readBool, textOf } from './arguments.ts'
import { askInstalled } from './installed-module.ts'
import { answer, failure, type HostModule } from './module.ts'
import { nested } from './plain-operations.ts'
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
    if (copy !== undefined && remote !== undefined)
      return failure("parameters are mutually exclusive: ('copy', 'remote_src')")
    const isThereAlready = remote === undefined ? isFalse(copy) : readBool(remote) === true
    const shared = without(call.args, ['copy', 'remote_src', 'decrypt'])
    const file = isThereAlready ? '' : call.files.find('files', textOf(src))
    if (!(await hasFolder(textOf(dest))))
      return failure(`dest '${textOf(dest)}' must be an existing dir`, { changed: false })
    if (isThereAlready) {
      const args = newMap([...shared, ['remote_src', true]])
      return await askInstalled(call, { name: 'unarchive', args })
    }
    const sent = await sendFor(call, file)
    const args = newMap([...shared, ['src', sent.path]])
    return await askInstalled(call, { name: 'unarchive', args, removes: sent.folder })

    async function isThere(path: string): Promise<boolean> {
      return (await looked(path)).get('exists') === true
    }

    async function hasFolder(path: string): Promise<boolean> {
      return (await looked(path)).get('isdir') === true
    }

    async function looked(path: string): Promise<ValueMap> {
      return nested(await call.operation('stat', mapOf({ path, follow: true })), 'stat')
    }
  },
}

/** The old name of the option: `copy: no` means that the archive is on the host. */
function isFalse(copy: Parameters<typeof readBool>[0] | undefined): boolean {
  return copy !== undefined && copy !== null && readBool(copy) === false
}
