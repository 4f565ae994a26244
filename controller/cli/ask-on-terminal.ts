import { openSync } from 'node:fs'
import { ReadStream } from 'node:tty'
import { askPassword } from './ask-password.ts'

/**
 * Asks for a word that is not shown while standard input is something else: on the terminal that the process belongs to, where
 * there is one.
 *
 * @throws {ErrandError} `interrupted` when nothing is answered.
 */
export async function askOnTerminal(prompt: string): Promise<string> {
  const terminal = process.stdin.isTTY ? undefined : openTerminal()
  try {
    return await askPassword(prompt, terminal)
  } finally {
    terminal?.destroy()
  }
}

function openTerminal(): ReadStream | undefined {
  try {
    return new ReadStream(openSync('/dev/tty', 'r'))
  } catch {
    return undefined // Started by no terminal: standard input is all there is.
  }
}
