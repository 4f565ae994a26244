import { createHash } from 'node:crypto'
import { join } from 'node:path'

/** A controller ends with it when another one has the home: whoever started it looks for that one. */
export const anotherRunsExitCode = 75

/** The few variables of the environment that say where a controller is. */
export interface HomeEnvironment {
  readonly ERRAND_HOME?: string | undefined
  readonly XDG_STATE_HOME?: string | undefined
  readonly XDG_RUNTIME_DIR?: string | undefined
  readonly HOME?: string | undefined
}

/** Linux keeps 108 bytes for the path of a socket, a zero at its end included. */
const longestSocketPath = 107

/** The folder of every file that errand keeps for its user: `$ERRAND_HOME`, else `errand` in the user's state folder. */
export function errandHome({ ERRAND_HOME, XDG_STATE_HOME, HOME = '/' }: HomeEnvironment): string {
  if (ERRAND_HOME) return ERRAND_HOME
  return join(XDG_STATE_HOME || join(HOME, '.local', 'state'), 'errand')
}

/** Where a controller of `home` listens: in it, or in a short folder of the user's own when the path would be too long. */
export function controlSocket(home: string, environment: HomeEnvironment, uid: number): string {
  const inside = join(home, 'controller.sock')
  if (Buffer.byteLength(inside) <= longestSocketPath) return inside
  const name = createHash('sha256').update(home).digest('hex').slice(0, 16)
  return join(environment.XDG_RUNTIME_DIR || '/tmp', `errand-${uid}-${name}`, 'controller.sock')
}
