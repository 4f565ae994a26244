import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { ErrandError } from '../../proto/errors.ts'

/**
 * Asks on the terminal for a word that is not shown. Where standard input is no terminal, its next line is taken.
 *
 * @throws {ErrandError} `interrupted` when the input ends or is broken off.
 */
export async function askPassword(prompt: string): Promise<string> {
  const silent = new Writable({ write: (_data, _encoding, done) => done() })
  process.stderr.write(prompt)
  return await nextLine(silent)
}

/**
 * Asks on the terminal for a line that is shown while it is typed.
 *
 * @throws {ErrandError} as {@link askPassword}.
 */
export async function askLine(prompt: string): Promise<string> {
  process.stderr.write(prompt)
  return await nextLine(undefined)
}

async function nextLine(output: Writable | undefined): Promise<string> {
  const { stdin, stderr } = process
  const lines = createInterface({
    input: stdin,
    ...(output ? { output, terminal: stdin.isTTY } : {}),
  })
  try {
    return await new Promise((resolve, reject) => {
      const refuse = () => reject(new ErrandError('interrupted', 'nothing was answered'))
      lines.once('line', resolve)
      lines.once('close', refuse)
      lines.once('SIGINT', refuse)
    })
  } finally {
    lines.close()
    if (output && stdin.isTTY) stderr.write('\n')
  }
}
