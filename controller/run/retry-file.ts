import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { sentenceOf } from '../../proto/errors.ts'
import type { HostStatus } from './host-run.ts'
import type { RunContext } from './run-context.ts'

/**
 * retry_files_enabled: the hosts that failed or were out of reach, in a file that `--limit @FILE` reads.
 *
 * @param playbook Its absolute path.
 */
export async function keepRetryFile(context: RunContext, playbook: string): Promise<void> {
  const { config, emitter, request } = context
  if (!config.retryFiles || request.kind === 'adhoc') return
  const out = [...context.hostRuns].filter((host) => isOut(host.status))
  const names = out.map(({ name }) => name).toSorted()
  if (names.length === 0) return
  const folder = config.retryFilesPath ?? dirname(playbook)
  const file = join(folder, `${basename(playbook, extname(playbook))}.retry`)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, names.map((name) => `${name}\n`).join(''))
  } catch (error) {
    const text = `Could not create retry file '${file}': ${sentenceOf(error)}`
    return await emitter.emit({ kind: 'message', level: 'warning', text })
  }
  await emitter.emit({ kind: 'text', text: `\tto retry, use: --limit @${file}\n` })
}

function isOut(status: HostStatus): boolean {
  return status === 'failed' || status === 'unreachable'
}
