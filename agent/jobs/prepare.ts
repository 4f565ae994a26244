/** From what was asked to what is started: who, where, with what environment; or why not. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { JobSpec } from '../../proto/job.ts'
import type { EndRecord } from './end-record.ts'
import { findProgram, isPythonErrno, pythonErrno } from './find-program.ts'
import { anyMatch } from './glob.ts'
import { expandPath, jobEnvironment } from './job-environment.ts'
import type { Identity } from './privilege.ts'
import { uploadIdOf } from './stored-spec.ts'
import { throughSudo } from './through-sudo.ts'

/** A program with everything that the shim needs to know. */
export interface Launch {
  readonly argv: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly cwd: string
  readonly stdin: Uint8Array | undefined
}

/** Either it can start, or it has ended before it began. */
export type Prepared =
  | { readonly kind: 'launch'; readonly launch: Launch }
  | { readonly kind: 'over'; readonly end: EndRecord }

export interface PrepareContext {
  readonly identity: Identity
  /** LANG of this host, where it has one. */
  readonly locale: string | undefined
  /** The argument list of an operation that runs as a program of its own. */
  readonly operationArgv: (operation: string) => readonly string[]
  /** The path of an uploaded file, made ready for the job's user. */
  readonly uploadPath: (uploadId: string) => Promise<string>
}

/** Looks at everything that can keep a job from starting, before anything is started. */
export async function prepare(spec: JobSpec, context: PrepareContext): Promise<Prepared> {
  const { account } = context.identity
  const environment = jobEnvironment(account, spec.environment, context.locale)
  const cwd = await findCwd(spec.cwd, account.home, environment)
  if (cwd.kind === 'over') return cwd
  if (spec.work.kind === 'operation') {
    const argv = context.operationArgv(spec.work.operation)
    const stdin = Buffer.from(await argsFor(spec.work, context))
    return launched({ argv, environment, cwd: cwd.path, stdin }, context.identity)
  }
  const skip = await skippedBy(spec.work, { environment, cwd: cwd.path })
  if (skip) return { kind: 'over', end: skip }
  const argv = await argvOf(spec.work, context)
  const path = environment['PATH'] ?? ''
  const program = await findProgram(argv[0] ?? '', { path, cwd: cwd.path })
  if (program.kind === 'missing' && !context.identity.sudo) return notStarted(program)
  return launched({ argv, environment, cwd: cwd.path, stdin: spec.stdin }, context.identity)
}

/** A process of its own cannot look into the agent's uploads: it is told the path of the one that is for it. */
async function argsFor(work: Operation, context: PrepareContext): Promise<string> {
  const uploadId = uploadIdOf(work)
  if (uploadId === undefined) return work.argsJson
  const args = JSON.parse(work.argsJson) as Record<string, unknown>
  return JSON.stringify({ ...args, _upload: await context.uploadPath(uploadId) })
}

function launched(launch: Launch, { prefix, sudo }: Identity): Prepared {
  if (sudo) return { kind: 'launch', launch: throughSudo(launch, sudo) }
  return { kind: 'launch', launch: { ...launch, argv: [...prefix, ...launch.argv] } }
}

function notStarted(failure: { readonly errno: string; readonly message: string }): Prepared {
  const { errno, message } = failure
  return { kind: 'over', end: { kind: 'not_started', errno, message } }
}

type Cwd = { readonly kind: 'cwd'; readonly path: string } | Extract<Prepared, { kind: 'over' }>

async function findCwd(
  asked: string | undefined,
  home: string,
  environment: Readonly<Record<string, string>>,
): Promise<Cwd> {
  if (asked === undefined) {
    return { kind: 'cwd', path: (await errnoOfFolder(home)) === undefined ? home : '/' }
  }
  const path = resolve(home, expandPath(asked, environment))
  const errno = await errnoOfFolder(path)
  if (errno === undefined) return { kind: 'cwd', path }
  const detail = isPythonErrno(errno) ? pythonErrno(errno, path) : errno
  const message = `Unable to change directory before execution: ${detail}`
  return { kind: 'over', end: { kind: 'not_started', errno, message } }
}

async function errnoOfFolder(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).isDirectory() ? undefined : 'ENOTDIR'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'EIO'
  }
}

interface Place {
  readonly environment: Readonly<Record<string, string>>
  readonly cwd: string
}

type Command = Extract<JobSpec['work'], { kind: 'command' }>
type Operation = Extract<JobSpec['work'], { kind: 'operation' }>

/** creates and removes, and check mode, which starts nothing. */
async function skippedBy(work: Command, place: Place): Promise<EndRecord | undefined> {
  const creates = expanded(work.creates, place)
  const removes = expanded(work.removes, place)
  if (creates !== undefined && (await anyMatch(creates, place.cwd))) {
    return { kind: 'skipped', because: `skipped, since ${creates} exists` }
  }
  if (removes !== undefined && !(await anyMatch(removes, place.cwd))) {
    return { kind: 'skipped', because: `skipped, since ${removes} does not exist` }
  }
  return work.checkOnly ? { kind: 'skipped', because: '' } : undefined
}

function expanded(pattern: string | undefined, { environment }: Place): string | undefined {
  return pattern === undefined ? undefined : expandPath(pattern, environment)
}

async function argvOf(work: Command, context: PrepareContext): Promise<readonly string[]> {
  if (work.uploadId === undefined) return work.argv
  return [await context.uploadPath(work.uploadId), ...work.argv.slice(1)]
}
