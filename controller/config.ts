import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { controlSocket, errandHome } from '../proto/control-address.ts'
import { ErrandError } from '../proto/errors.ts'
import type { KeepConfig } from './retention.ts'

/** What a controller is told at its start. */
export interface ControllerConfig {
  /** Where every file is kept; readable by its owner only. */
  readonly home: string
  /** Repair the record, and serve nobody. */
  readonly isToRepair: boolean
  /** The path of the control service's socket. */
  readonly socket: string
  readonly databaseFile: string
  readonly lockFile: string
  /** Absent: the log goes to standard error. */
  readonly logFile: string | undefined
  readonly logLevel: string
  /** How long a controller that nobody needs stays; undefined: until it is told to leave. */
  readonly idleMs: number | undefined
  /** How long calls and runs have to end after the controller was asked to leave. */
  readonly graceMs: number
  /** Runs are forgotten past this age or number (see Retention). */
  readonly keep: KeepConfig
  /** The agent's bundle: one file, sent to every host. */
  readonly agentBundleFile: string
  /** The packaged Node of an architecture, where this installation has it. */
  readonly runtimePath: (arch: 'x64' | 'arm64') => string | undefined
  /** A test of the promise that nothing runs twice: every submit is sent two times. */
  readonly repeatSubmits: boolean
  /** How often agents are heard of when they have nothing to say; three times that in silence is unreachable. */
  readonly heartbeatMs: number
  /** How long one call of a filter, test or lookup in Python may take. */
  readonly pluginMs: number
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/**
 * Reads the environment and the arguments: `--detached` is how the command line starts one for its user, `--repair` how
 * it has the record repaired.
 *
 * @throws {ErrandError} `invalid`.
 */
export function readConfig(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  uid: number,
): ControllerConfig {
  const unknown = argv.find((word) => !['--detached', '--repair'].includes(word))
  if (unknown !== undefined)
    throw new ErrandError('invalid', `unknown argument ${unknown} of the controller`)
  const isDetached = argv.includes('--detached')
  const home = resolve(errandHome(environment))
  return Object.freeze({
    home,
    isToRepair: argv.includes('--repair'),
    socket: controlSocket(home, environment, uid),
    databaseFile: resolve(home, 'errand.db'),
    lockFile: resolve(home, 'controller.lock'),
    logFile: isDetached ? resolve(home, 'controller.log') : undefined,
    logLevel: logLevel(environment['ERRAND_LOG_LEVEL']),
    idleMs: isDetached ? above0('ERRAND_IDLE_SECONDS', environment, '600') * 1000 : undefined,
    graceMs: 10_000,
    keep: {
      keepMs: above0('ERRAND_KEEP_DAYS', environment, '90') * 86_400_000,
      keepRuns: above0('ERRAND_KEEP_RUNS', environment, '1000'),
    },
    agentBundleFile: bundleFile(environment['ERRAND_AGENT_BUNDLE']),
    repeatSubmits: environment['ERRAND_TEST_REPEAT_SUBMITS'] === '1',
    heartbeatMs: above0('ERRAND_HEARTBEAT_SECONDS', environment, '5') * 1000,
    pluginMs: above0('ERRAND_PLUGIN_SECONDS', environment, '60') * 1000,
    runtimePath,
  })
}

/** Below this package, or beside it where another package depends on both. */
function runtimePath(arch: 'x64' | 'arm64'): string | undefined {
  const name = join(`node-linux-${arch}`, 'bin', 'node')
  return [join('..', 'node_modules', name), join('..', '..', name)]
    .map((path) => join(import.meta.dirname, path))
    .find((path) => existsSync(path))
}

/** Beside the bundled controller, or where the build puts it when the controller runs from its source. */
function bundleFile(written: string | undefined): string {
  if (written !== undefined) return resolve(written)
  const name = 'errand-agent.js'
  const beside = resolve(import.meta.dirname, name)
  return existsSync(beside) ? beside : resolve(import.meta.dirname, '..', 'dist', name)
}

function logLevel(text = 'info'): string {
  if (logLevels.includes(text)) return text
  throw new ErrandError(
    'invalid',
    `ERRAND_LOG_LEVEL is one of ${logLevels.join(', ')}, not "${text}"`,
  )
}

function above0(name: string, environment: NodeJS.ProcessEnv, otherwise: string): number {
  const text = environment[name] ?? otherwise
  const value = Number(text)
  if (value > 0) return value
  throw new ErrandError('invalid', `${name} is a number above 0, not "${text}"`)
}
