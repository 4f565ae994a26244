import { ErrandError } from '../../../proto/errors.ts'
import type { BecomeTarget } from '../../run/ports.ts'
import type { Elevation } from '../ssh/remote-shell.ts'
import { quoteWord, splitWords } from '../ssh/words.ts'
import type { Probe } from './probe.ts'

/** With whose rights the agent is put on the host. */
export interface Rights {
  readonly isRoot: boolean
  /** How scripts get them; undefined when the login has them. */
  readonly elevation: Elevation | undefined
  /** For the line of progress: `as root`, `as root by sudo`, `for the user deploy`. */
  readonly description: string
}

const prompt = 'errand-password:'

/**
 * Chooses the rights: root's when the login is root, when the inventory says how to become root, or when sudo asks for
 * nothing; else the login's own.
 *
 * @throws {ErrandError} `unsupported` when the inventory's become leads to somebody else than root.
 */
export function chooseRights(
  { uid, user, hasFreeSudo }: Probe,
  { become, host }: { readonly become: BecomeTarget | undefined; readonly host: string },
): Rights {
  if (uid === 0) return { isRoot: true, elevation: undefined, description: 'as root' }
  if (become?.user === 'root') {
    return {
      isRoot: true,
      elevation: elevationBy(become, hasFreeSudo),
      description: `as root by ${become.method}`,
    }
  }
  if (become) {
    const sentence = `${host}: an agent is installed as root or for its login, not for the become user ${become.user}`
    throw new ErrandError('unsupported', sentence)
  }
  if (hasFreeSudo) {
    const free: BecomeTarget = {
      method: 'sudo',
      user: 'root',
      password: undefined,
      flags: undefined,
    }
    return { isRoot: true, elevation: elevationBy(free, true), description: 'as root by sudo' }
  }
  return { isRoot: false, elevation: undefined, description: `for the user ${user}` }
}

function elevationBy({ method, password, flags }: BecomeTarget, hasFreeSudo: boolean): Elevation {
  const extra = splitWords(flags ?? '').map(quoteWord)
  if (method === 'su') {
    const words = ['LC_ALL=C', 'su', ...extra, 'root', '-c']
    return {
      wrap: (command) => `env ${words.join(' ')} ${quoteWord(command)}`,
      password,
      name: 'su',
    }
  }
  // Without a password sudo must not ask; with one it must, even when it would remember an earlier one: what is said
  // for a prompt that never comes would be read by the script.
  const how = password === undefined || hasFreeSudo ? ['-n'] : ['-k', '-S', '-p', prompt]
  const own = extra.filter((word) => !['-n', '-S', '-k'].includes(word))
  const words = ['sudo', '-H', ...how, ...own, '-u', 'root']
  return { wrap: (command) => `${words.join(' ')} ${command}`, password, name: 'sudo' }
}
