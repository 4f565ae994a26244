/** The one place where flags and the environment are read. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ErrandError, sentenceOf } from '../proto/errors.ts'
import { defaultAgentPort } from '../proto/version.ts'
import { kernelFiles, type KernelFiles } from './jobs/process-identity.ts'
import { stateFolder, type StateFolder } from './state-folder.ts'

/** Everything that steers an agent, without optional fields. */
export interface AgentConfig {
  readonly folder: StateFolder
  /** An address, empty for all, or `unix:PATH`. */
  readonly listen: string
  /** 0: any free one. */
  readonly port: number
  readonly kernel: KernelFiles
  /** False keeps jobs together by their session alone. */
  readonly useCgroups: boolean
  /** Runs as a systemd unit, below whose cgroup the jobs belong. */
  readonly isUnit: boolean
  /** The name of that unit; empty: there is none. */
  readonly unit: string
  /** What follows this program's own path: what a successor is started with. */
  readonly words: readonly string[]
  /** The shell of the shims, and words before the script. */
  readonly shell: readonly string[]
  readonly useSetsid: boolean
  /** How root becomes another user; empty: found by trying. */
  readonly changeUser: string
  /** LANG of this host, where it has one. */
  readonly locale: string | undefined
  /** What starts this program: the runtime and the bundle. */
  readonly self: readonly [string, string]
  /** The runtime's flags, for processes of this program that it starts itself. */
  readonly runtimeFlags: readonly string[]
  /** Bytes that are kept of each stream of a job. */
  readonly quotaBytes: number
  /** Bytes of output that are kept of all jobs together. */
  readonly totalQuotaBytes: number
  /** Bytes of the disk that output leaves free, but never more than a tenth of it. */
  readonly reserveBytes: number
  /** Where the log goes; empty: standard error. */
  readonly logFile: string
  readonly logLevel: string
  /** The user that the agent runs as. */
  readonly uid: number
}

const flags = {
  state: { type: 'string' },
  listen: { type: 'string', default: '' },
  port: { type: 'string', default: String(defaultAgentPort) },
  log: { type: 'string', default: '' },
  'log-level': { type: 'string', default: 'info' },
  shell: { type: 'string', default: '/bin/sh' },
  'no-cgroup': { type: 'boolean', default: false },
  'change-user': { type: 'string', default: '' },
  'no-setsid': { type: 'boolean', default: false },
  'boot-id-file': { type: 'string', default: kernelFiles.bootIdFile },
  'proc-dir': { type: 'string', default: kernelFiles.procDir },
  quota: { type: 'string', default: String(1024 ** 3) },
  'total-quota': { type: 'string', default: String(32 * 1024 ** 3) },
  reserve: { type: 'string', default: String(64 * 1024 ** 2) },
  force: { type: 'boolean', default: false },
} as const

/** A command line of this program. */
export interface CommandLine {
  readonly command: string
  readonly words: readonly string[]
  readonly force: boolean
  /** What an operation that runs as a process of its own was given. */
  readonly environment: NodeJS.ProcessEnv
  /** Needs `--state`, and is made only when asked for. */
  readonly config: () => AgentConfig
}

/**
 * Reads the command line.
 *
 * @param argv What follows the program's own path.
 * @throws {ErrandError} `invalid` for a flag that there is not.
 */
export function readCommandLine(argv: readonly string[], env: NodeJS.ProcessEnv): CommandLine {
  let parsed
  try {
    parsed = parseArgs({ args: [...argv], options: flags, allowPositionals: true, strict: true })
  } catch (cause) {
    throw new ErrandError('invalid', sentenceOf(cause), { cause })
  }
  const { values, positionals } = parsed
  const [command = '', ...words] = positionals
  return {
    command,
    words,
    force: values.force,
    environment: env,
    config: () => configFrom(values, { env, argv }),
  }
}

type Values = ReturnType<typeof parseArgs<{ options: typeof flags }>>['values']

interface Surroundings {
  readonly env: NodeJS.ProcessEnv
  readonly argv: readonly string[]
}

function configFrom(values: Values, { env, argv }: Surroundings): AgentConfig {
  const { state, listen, log, shell } = values
  if (state === undefined)
    throw new ErrandError('invalid', 'say where the agent keeps its state: --state DIR')
  const unit = env['INVOCATION_ID'] === undefined ? '' : ownUnit()
  const kernel = { procDir: values['proc-dir'], bootIdFile: values['boot-id-file'] }
  return {
    folder: stateFolder(resolve(state)),
    listen,
    port: portFrom(values.port),
    kernel,
    useCgroups: !values['no-cgroup'],
    isUnit: unit !== '',
    unit,
    words: argv,
    shell: shell.split(' '),
    useSetsid: !values['no-setsid'],
    changeUser: values['change-user'],
    locale: env['LANG'],
    self: [process.execPath, resolve(process.argv[1] ?? '')],
    runtimeFlags: process.execArgv,
    quotaBytes: numberFrom('quota', values.quota),
    totalQuotaBytes: numberFrom('total-quota', values['total-quota']),
    reserveBytes: numberFrom('reserve', values.reserve),
    logFile: log === '' ? '' : resolve(log),
    logLevel: values['log-level'],
    uid: process.getuid?.() ?? 0,
  }
}

function numberFrom(name: string, text: string): number {
  const value = Number(text)
  if (/^\d+$/u.test(text) && Number.isSafeInteger(value)) return value
  throw new ErrandError('invalid', `${name} must be a whole number, got ${JSON.stringify(text)}`)
}

function portFrom(text: string): number {
  const port = Number(text)
  if (/^\d+$/u.test(text) && port <= 65_535) return port
  throw new ErrandError('invalid', `port must be 0..65535, got ${JSON.stringify(text)}`)
}

/** systemd says so by the name of our cgroup; empty when it is not a unit's. */
function ownUnit(): string {
  try {
    const text = readFileSync('/proc/self/cgroup', 'utf8')
    return /^0::\/.*?([^/]+\.service)(?:\/errand-[^/]*(?:\/.*)?)?$/mu.exec(text)?.[1] ?? ''
  } catch {
    return ''
  }
}
