/** Signals for processes that an agent without root rights started through sudo: only sudo may send them. */
import { execFile } from 'node:child_process'
import { defaultPath } from './job-environment.ts'
import type { SudoCall } from './privilege.ts'

/** A sudo that asks nothing: the password of the start is not kept. */
export function askingNothing({ user }: SudoCall): readonly string[] {
  return ['sudo', '-n', '-u', user, '--']
}

/** Sends `signal` as the job's user. What sudo refuses is seen by who looks whether the tree is over. */
export async function signalThroughSudo(
  sudo: readonly string[],
  pids: readonly number[],
  signal: 'SIGTERM' | 'SIGKILL',
): Promise<void> {
  const kill = 'kill -s "$0" "$@"'
  await runs([...sudo, '/bin/sh', '-c', kill, signal.slice('SIG'.length), ...pids.map(String)])
}

/** Whether sudo does it without a password. */
export function allowsSudo(sudo: readonly string[]): Promise<boolean> {
  return runs([...sudo, '/bin/sh', '-c', ':'])
}

function runs([program = 'sudo', ...words]: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { cwd: '/', timeout: 20_000, env: { PATH: defaultPath, LC_ALL: 'C' } }
    execFile(program, words, options, (error) => {
      resolve(error === null)
    }).stdin?.end()
  })
}
