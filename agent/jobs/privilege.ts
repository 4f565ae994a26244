/** How a job gets the rights of the user that it runs as. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ErrandError } from '../../proto/errors.ts'
import type { RunAs } from '../../proto/job.ts'
import { findAccount, type Account } from './account.ts'

/** What this host has for changing user, found once at the agent's start. */
export interface Privilege {
  /** The account that the agent runs as. */
  readonly own: Account
  readonly isRoot: boolean
  /** How root becomes another user. `none`: it cannot, or we are not root. */
  readonly change: 'setpriv' | 'su' | 'none'
}

/** A program ready to start as somebody. */
export interface Identity {
  readonly account: Account
  /** Words before the program that change the user; empty when none is needed. */
  readonly prefix: readonly string[]
  /** Goes through sudo, which empties the environment and may want a password. */
  readonly sudo?: SudoCall
}

export interface SudoCall {
  /** The account that sudo changes to. */
  readonly user: string
  readonly argv: readonly string[]
  readonly password?: string
}

/** The program cannot be started: a result, in Ansible's words where it has some. */
export class CannotStart extends Error {
  readonly errno: string

  constructor(errno: string, message: string) {
    super(message)
    this.errno = errno
  }
}

const run = promisify(execFile)

/** Looks at this host by trying. `uid` is the agent's own; `onlyChange` leaves out every other way. */
export async function findPrivilege(uid: number, onlyChange = ''): Promise<Privilege> {
  const own = await findAccount(String(uid))
  if (!own) throw new ErrandError('unsupported', `user id ${uid} has no entry in the user database`)
  if (uid !== 0) return { own, isRoot: false, change: 'none' }
  return { own, isRoot: true, change: await findChange(onlyChange) }
}

async function findChange(only: string): Promise<Privilege['change']> {
  const trials = [
    ['setpriv', ['--reuid=0', '--regid=0', '--init-groups', 'true']],
    ['su', ['-s', '/bin/sh', 'root', '-c', 'exec true']],
  ] as const
  for (const [program, argv] of trials) {
    if (only !== '' && program !== only) continue
    try {
      await run(program, [...argv], { timeout: 10_000 })
      return program
    } catch {
      // Not here, or another make of it: the next one.
    }
  }
  return 'none'
}

/**
 * Who a job runs as, and what to put before its program.
 *
 * @throws {CannotStart} for an unknown user, or where this host has no way.
 */
export async function becomeUser(privilege: Privilege, runAs: RunAs): Promise<Identity> {
  const { own, isRoot } = privilege
  if (runAs.user === '' || runAs.user === own.name) return { account: own, prefix: [] }
  const account = await findAccount(runAs.user)
  if (!account) {
    throw new CannotStart('EINVAL', `user ${runAs.user} does not exist on this host`)
  }
  if (account.uid === own.uid) return { account, prefix: [] }
  return isRoot
    ? { account, prefix: rootPrefix(privilege.change, account) }
    : { account, prefix: [], sudo: sudoCall(own, account, runAs) }
}

function rootPrefix(change: Privilege['change'], account: Account): readonly string[] {
  switch (change) {
    case 'setpriv':
      return ['setpriv', `--reuid=${account.uid}`, `--regid=${account.gid}`, '--init-groups', '--']
    case 'su':
      return ['su', '-s', '/bin/sh', account.name, '-c', 'exec "$0" "$@"', '--']
    case 'none':
      throw new CannotStart('ENOENT', 'this host has neither setpriv nor a su that works')
  }
}

function sudoCall(own: Account, account: Account, runAs: RunAs): SudoCall {
  if (runAs.method === 'none') {
    throw new CannotStart(
      'EPERM',
      `the agent runs as ${own.name} and cannot run as ${account.name} without become`,
    )
  }
  if (runAs.method === 'su') {
    throw new CannotStart(
      'ENOTTY',
      'su asks for its password on a terminal, which an agent has not: use sudo, or install the agent as root',
    )
  }
  const flags = (runAs.flags ?? '-H -S -n').split(/\s+/u).filter((flag) => flag !== '')
  const isAsked = runAs.password !== undefined
  const words = isAsked ? [...flags.filter((flag) => flag !== '-n'), '-S', '-p', ''] : flags
  return {
    user: account.name,
    argv: ['sudo', ...words, '-u', account.name, '--'],
    ...(runAs.password === undefined ? {} : { password: runAs.password }),
  }
}
