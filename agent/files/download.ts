import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import type { RunAs } from '../../proto/job.ts'
import { limits } from '../../proto/limits.ts'
import { defaultPath } from '../jobs/job-environment.ts'
import { becomeUser, CannotStart, type Identity, type Privilege } from '../jobs/privilege.ts'

/**
 * The bytes of a file of this host, one piece in memory at a time.
 *
 * @throws {ErrandError} `not_found`, or `denied`, or `invalid` for what is no file.
 */
async function* readHostFile(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw fileError(path, cause)
  })
  try {
    if (!(await file.stat()).isFile()) throw new ErrandError('invalid', `${path} is not a file`)
    for (;;) {
      signal.throwIfAborted()
      const buffer = Buffer.allocUnsafe(limits.chunkBytes)
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

function fileError(path: string, cause: unknown): ErrandError {
  const { code } = cause as NodeJS.ErrnoException
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new ErrandError('not_found', `file not found: ${path}`, { cause })
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new ErrandError('denied', `file is not readable: ${path}`, { cause })
  }
  return new ErrandError('internal', `${path} cannot be read: ${sentenceOf(cause)}`, { cause })
}

export interface DownloadRequest {
  readonly path: string
  readonly runAs: RunAs
  readonly privilege: Privilege
}

/** The bytes of a file as that user sees it: for another user than the agent's own, `cat` reads it with their rights. */
export async function* downloadAs(
  request: DownloadRequest,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const { path, runAs, privilege } = request
  const { prefix, sudo } = await identify(request)
  const argv = sudo ? sudo.argv : prefix
  if (argv.length === 0) return yield* readHostFile(path, signal)
  const [program = '', ...words] = argv
  const child = spawn(program, [...words, 'cat', '--', path], {
    cwd: '/',
    env: { PATH: defaultPath, LC_ALL: 'C' },
  })
  const exit = once(child, 'close', { signal }) as Promise<[number | null]>
  exit.catch(() => child.kill()) // aborted, or it never started
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => {
    if (stderr.length < 4096) stderr += chunk.toString('utf8')
  })
  child.stdin.on('error', () => undefined) // it may not want what it is given
  child.stdin.end(sudo?.password === undefined ? '' : `${sudo.password}\n`)
  try {
    for await (const chunk of child.stdout) yield chunk as Uint8Array
    const [code] = await exit
    if (code !== 0) throw catError(path, stderr, runAs.user || privilege.own.name)
  } finally {
    child.kill()
  }
}

async function identify({ runAs, privilege }: DownloadRequest): Promise<Identity> {
  try {
    return await becomeUser(privilege, runAs)
  } catch (cause) {
    if (!(cause instanceof CannotStart)) throw cause
    throw new ErrandError('denied', cause.message, { cause })
  }
}

function catError(path: string, stderr: string, user: string): ErrandError {
  if (stderr.includes('No such file'))
    return new ErrandError('not_found', `file not found: ${path}`)
  if (stderr.includes('Permission denied')) {
    return new ErrandError('denied', `file is not readable for ${user}: ${path}`)
  }
  return new ErrandError('internal', `${path} cannot be read as ${user}: ${stderr.trim()}`)
}
