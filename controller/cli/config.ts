import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { controlSocket, errandHome } from '../../proto/control-address.ts'

/** What one invocation of the command line knows of its surroundings. */
export interface CliConfig {
  readonly home: string
  readonly socket: string
  readonly cwd: string
  readonly uid: number
  /** The program of the controller, started by this same Node. */
  readonly controllerProgram: string
  readonly hasColour: boolean
  /** As Ansible counts them: one less than the terminal has, 79 at least. */
  readonly columns: number
  /** Standard output and standard error are both a terminal. */
  readonly isInteractive: boolean
  /** Standard input is a terminal: the user can be asked. */
  readonly canAsk: boolean
  readonly environment: Readonly<Record<string, string>>
}

/** Reads the process's surroundings, once. */
export function readCliConfig({ env, stdin, stdout, stderr }: NodeJS.Process): CliConfig {
  const uid = process.getuid?.() ?? 0
  const home = resolve(errandHome(env))
  return Object.freeze({
    home,
    socket: controlSocket(home, env, uid),
    cwd: process.cwd(),
    uid,
    controllerProgram: controllerProgram(),
    hasColour: hasColour(env, stdout.isTTY),
    columns: Math.max(79, (stdout.isTTY ? stdout.columns : 0) - 1),
    canAsk: stdin.isTTY,
    isInteractive: stdout.isTTY && stderr.isTTY,
    environment: Object.fromEntries(
      Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  })
}

/** One folder up: in the bundle as it is in the sources. */
function controllerProgram(): string {
  const bundled = join(import.meta.dirname, '..', 'controller.js')
  return existsSync(bundled) ? bundled : join(import.meta.dirname, '..', 'main.ts')
}

function hasColour(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (isTrue(env['ANSIBLE_FORCE_COLOR'])) return true
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false
  if (isTrue(env['ANSIBLE_NOCOLOR'])) return false
  return isTerminal && env['TERM'] !== 'dumb'
}

function isTrue(text = ''): boolean {
  return ['1', 'true', 'yes', 'on', 't', 'y'].includes(text.toLowerCase())
}
