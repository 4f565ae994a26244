import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { ErrandError } from '../../proto/errors.ts'

/**
 * Asks on the terminal for a word that is not shown. Where standard input is no terminal, its next line is taken.
 *
 * @throws {ErrandError} `interrupted` when the input ends or is broken off.
 */
export async function askPassword(prompt: string): Promise<string> {
  const { stdin, stderr } = process
  const silent = new Writable({ write: (_data, _encoding, done) => done() })
  const lines = createInterface({ input: stdin, output: silent, terminal: stdin.isTTY })
  stderr.write(prompt)
  try {
    return await new Promise((resolve, reject) => {
      const refuse = () => reject(new ErrandError('interrupted', 'no password was given'))
      lines.once('line', resolve)
      lines.once('close', refuse)
      lines.once('SIGINT', refuse)
    })
  } finally {
    lines.close()
    if (stdin.isTTY) stderr.write('\n')
  }
}
