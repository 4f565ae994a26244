import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { CommandContext } from '../context.ts'

/** Shows a text: page by page with $PAGER, or less, where it goes to a terminal. A line end is added where none is. */
export async function pageText(
  text: string,
  { config, terminal }: Pick<CommandContext, 'config' | 'terminal'>,
): Promise<void> {
  const whole = text.endsWith('\n') ? text : `${text}\n`
  if (!config.isInteractive || !(await isPaged(whole, config.environment))) {
    await terminal.out(whole)
  }
}

/** False when there is no such program. */
async function isPaged(
  text: string,
  environment: Readonly<Record<string, string>>,
): Promise<boolean> {
  const pager = environment['PAGER'] || 'less'
  const child = spawn('/bin/sh', ['-c', pager], {
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { LESS: 'FRSX', ...environment },
  })
  child.stdin.on('error', () => {}) // Who leaves early has seen enough.
  child.stdin.end(text)
  const [code]: readonly unknown[] = await once(child, 'exit')
  return code !== 126 && code !== 127
}
