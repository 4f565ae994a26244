import { spawn } from 'node:child_process'
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { ErrandError } from '../../../proto/errors.ts'
import { overwrite, ownerOnly } from './vault-file.ts'

export interface EditOptions {
  /** The file it is for: editors tell the language by the end of its name. */
  readonly path: string
  readonly environment: Readonly<Record<string, string>>
}

/**
 * Lets the user change a text with $EDITOR, in a folder that only they can read and that is gone afterwards, with whatever the
 * editor left beside the file.
 *
 * @throws {ErrandError} when there is no such editor, or it was killed.
 */
export async function editText(
  text: Uint8Array,
  { path, environment }: EditOptions,
): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'errand-vault-'))
  try {
    const draft = join(folder, `draft${extname(path)}`)
    writeFileSync(draft, text, { mode: ownerOnly })
    await runEditor(environment['EDITOR'] || 'vi', draft)
    return readFileSync(draft)
  } finally {
    removeSecretly(folder)
  }
}

/** The words of $EDITOR are the shell's, the file's name is one more. */
async function runEditor(editor: string, draft: string): Promise<void> {
  const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', draft], { stdio: 'inherit' })
  const pass = (signal: NodeJS.Signals) => child.kill(signal)
  process.on('SIGTERM', pass).on('SIGHUP', pass)
  try {
    const { code, signal } = await new Promise<{ code: number | null; signal: string | null }>(
      (resolve, reject) => {
        child.once('error', reject)
        child.once('exit', (ended, by) => resolve({ code: ended, signal: by }))
      },
    )
    // 126 and 127 are the shell's words for a program that it cannot start. Any other end is the editor's own affair.
    if (signal === null && code !== 126 && code !== 127) return
    const why = signal === null ? 'it cannot be started' : `it was ended by ${signal}`
    throw new ErrandError('invalid', `Unable to execute the command "${editor}": ${why}`)
  } finally {
    process.off('SIGTERM', pass).off('SIGHUP', pass)
  }
}

function removeSecretly(folder: string): void {
  for (const name of readdirSync(folder)) {
    const file = openSync(join(folder, name), 'r+')
    overwrite(file)
    closeSync(file)
  }
  rmSync(folder, { recursive: true, force: true })
}
