import { randomBytes } from 'node:crypto'
import { execFile } from 'node:child_process'
import { defaultPath } from './job-environment.ts'
import type { Launch } from './prepare.ts'
import { CannotStart, type SudoCall } from './privilege.ts'
import { shellQuoted } from './shell-quoted.ts'

/**
 * What sudo starts. It empties the environment, may read a password from standard input and may not: so the rest of
 * the input begins at a mark, then come the variables, quoted for the shell, up to the mark again, then the program's own input.
 */
const innerScript = `mark=$1 cwd=$2
shift 2
while IFS= read -r line && [ "$line" != "$mark" ]; do :; done
set=
while IFS= read -r line && [ "$line" != "$mark" ]; do set="$set$line
"; done
eval "$set"
unset set line mark
cd "$cwd" || exit 126
umask 022
exec "$@"`

/** The same program through sudo. The password and the variables go in by standard input: nobody sees them. */
export function throughSudo(launch: Launch, sudo: SudoCall): Launch {
  const mark = `errand-${randomBytes(12).toString('hex')}`
  const password = sudo.password === undefined ? '' : `${sudo.password}\n`
  const head = `${password}${mark}\n${exports(launch.environment)}${mark}\n`
  return {
    argv: [...sudo.argv, '/bin/sh', '-c', innerScript, 'errand', mark, launch.cwd, ...launch.argv],
    environment: { PATH: launch.environment['PATH'] ?? '' },
    cwd: '/',
    stdin: Buffer.concat([Buffer.from(head), launch.stdin ?? new Uint8Array()]),
  }
}

function exports(environment: Readonly<Record<string, string>>): string {
  const lines: string[] = []
  for (const [name, value] of Object.entries(environment)) {
    if (/^[A-Za-z_]\w*$/u.test(name)) lines.push(`export ${name}=${shellQuoted(value)}\n`)
  }
  return lines.join('')
}

/**
 * Asks sudo whether it would, before the job: afterwards its refusal and the program's own failure look alike.
 *
 * @throws {CannotStart} with the words that Ansible has for it.
 */
export async function checkSudo(sudo: SudoCall): Promise<void> {
  const { code, stdout, stderr } = await runSudo(sudo)
  if (stdout.includes('errand-may')) return
  if (code === 'ENOENT') throw new CannotStart('ENOENT', 'sudo is not installed on this host')
  if (sudo.password !== undefined && /incorrect password|try again|no password/iu.test(stderr)) {
    throw new CannotStart('EACCES', 'Incorrect sudo password')
  }
  if (/password is required|terminal is required|no askpass/iu.test(stderr)) {
    throw new CannotStart('EACCES', 'Missing sudo password')
  }
  throw new CannotStart('EPERM', lastLine(stderr) || 'sudo refused without a word')
}

interface SudoAnswer {
  readonly code: unknown
  readonly stdout: string
  readonly stderr: string
}

function runSudo(sudo: SudoCall): Promise<SudoAnswer> {
  const [program = 'sudo', ...words] = sudo.argv
  return new Promise((resolve) => {
    const options = { cwd: '/', timeout: 60_000, env: { PATH: defaultPath, LC_ALL: 'C' } }
    const child = execFile(
      program,
      [...words, 'echo', 'errand-may'],
      options,
      (error, stdout, stderr) => {
        resolve({ code: error?.code, stdout, stderr })
      },
    )
    child.stdin?.on('error', () => {
      // sudo did not want the password; what it says is the answer
    })
    child.stdin?.end(sudo.password === undefined ? '' : `${sudo.password}\n`)
  })
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
