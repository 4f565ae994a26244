import { resolve } from 'node:path'
import { controlSocket, errandHome } from '../proto/control-address.ts'
import { ErrandError } from '../proto/errors.ts'

/** What a controller is told at its start. */
export interface ControllerConfig {
  /** Where every file is kept; readable by its owner only. */
  readonly home: string
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
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/**
 * Reads the environment and the arguments: `--detached` is how the command line starts one for its user.
 *
 * @throws {ErrandError} `invalid`.
 */
export function readConfig(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  uid: number,
): ControllerConfig {
  const unknown = argv.find((word) => word !== '--detached')
  if (unknown !== undefined) throw new ErrandError('invalid', `unknown argument ${unknown} of the controller`)
  const isDetached = argv.includes('--detached')
  const home = resolve(errandHome(environment))
  return Object.freeze({
    home,
    socket: controlSocket(home, environment, uid),
    databaseFile: resolve(home, 'errand.db'),
    lockFile: resolve(home, 'controller.lock'),
    logFile: isDetached ? resolve(home, 'controller.log') : undefined,
    logLevel: logLevel(environment.ERRAND_LOG_LEVEL),
    idleMs: isDetached ? idleMs(environment.ERRAND_IDLE_SECONDS) : undefined,
    graceMs: 10_000,
  })
}

function logLevel(text = 'info'): string {
  if (logLevels.includes(text)) return text
  throw new ErrandError('invalid', `ERRAND_LOG_LEVEL is one of ${logLevels.join(', ')}, not "${text}"`)
}

function idleMs(text = '600'): number {
  const seconds = Number(text)
  if (seconds > 0) return seconds * 1000
  throw new ErrandError('invalid', `ERRAND_IDLE_SECONDS is a number above 0, not "${text}"`)
}
