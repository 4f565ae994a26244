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
    const { src, dest, creates, copy, remote_src: remote, decrypt: _decrypt, ...rest } = call.args
    if (src === undefined || dest === undefined || src === null || dest === null)
      return failure('src (or content) and dest are required')
    if (creates !== undefined && creates !== null && (await isThere(textOf(creates)))) {
      const because = `skipped, since ${textOf(creates)} exists`
      return answer({ changed: false, skipped: true, msg: because })
    }
    const isThereAlready = remote === undefined ? isFalse(copy) : readBool(remote) === true
    const shared = { ...rest, dest, ...(creates === undefined ? {} : { creates }) }
    if (isThereAlready) {
      return await askInstalled(call, {
        name: 'unarchive',
        args: { ...shared, src, remote_src: true },
      })
    }
    const sent = await sendFor(call, call.files.find('files', textOf(src)))
    const args = { ...shared, src: sent }
    return await askInstalled(call, { name: 'unarchive', args, removes: sent })

    async function isThere(path: string): Promise<boolean> {
      const looked = await call.operation('stat', { path, follow: true })
      const { stat } = looked
      return typeof stat === 'object' && stat !== null && 'exists' in stat && stat.exists === true
    }
  },
}

/** The old name of the option: `copy: no` means that the archive is on the host. */
function isFalse(copy: Parameters<typeof readBool>[0] | undefined): boolean {
  return copy !== undefined && copy !== null && readBool(copy) === false
}
