import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import type { ReadStream } from 'node:tty'
import { ErrandError } from '../../proto/errors.ts'
import { pipedLine } from './piped-line.ts'

/**
 * Asks on the terminal for a word that is not shown. Where standard input is no terminal, its next line is taken.
 *
 * @throws {ErrandError} `interrupted` when it is broken off, `not_found` when the input ends.
 */
export async function askPassword(
  prompt: string,
  input: ReadStream = process.stdin,
): Promise<string> {
  const silent = new Writable({ write: (_data, _encoding, done) => done() })
  process.stderr.write(prompt)
  return await nextLine(input, silent)
}

/**
 * Asks on the terminal for a line that is shown while it is typed.
 *
 * @throws {ErrandError} as {@link askPassword}.
 */
export async function askLine(prompt: string): Promise<string> {
  process.stderr.write(prompt)
  return await nextLine(process.stdin)
}

async function nextLine(input: ReadStream, output?: Writable): Promise<string> {
  if (!input.isTTY) {
    const line = await pipedLine(input)
    if (line === undefined) throw ended()
    return line
  }
  const lines = createInterface({ input, ...(output ? { output, terminal: true } : {}) })
  try {
    return await new Promise((resolve, reject) => {
      lines.once('line', resolve)
      lines.once('SIGINT', () => {
        reject(new ErrandError('interrupted', 'nothing was answered'))
      })
      lines.once('close', () => {
        reject(ended())
      })
    })
  } finally {
    lines.close()
    if (output) process.stderr.write('\n')
  }
}

function ended(): ErrandError {
  return new ErrandError('not_found', 'the input has ended and nothing was answered')
}
