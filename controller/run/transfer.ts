/** A task that moves files between two machines: it runs on one of them, and that one reaches the other by itself. */
import type { Transfer } from '../modules/module.ts'
import { runsOn, type Attempt } from './attempt.ts'
import type { Reached } from './job.ts'
import { localSurroundings, placeOf, reach } from './reach.ts'
import { reaching } from './task-error.ts'

/** What the task's module is told of the two. */
export function transferOf(attempt: Attempt): Transfer {
  const { env, settings } = attempt
  const { language } = env.play.context
  const own = language.target(env.host.name, placeOf(attempt))
  const target = language.target(runsOn(attempt), placeOf(attempt))
  const { delegateTo } = settings
  const isDelegated = delegateTo !== undefined
  const ids = [env.host.name, own.address]
  const isSame = isDelegated ? ids.includes(delegateTo) : target.connection === 'local'
  return {
    isSame,
    isLocal: target.connection === 'local' || !isDelegated,
    connection: target.connection,
    address: own.address,
    port: own.sshPort,
    user: own.user ?? target.user,
    password: own.password,
    privateKeyFile: target.privateKeyFile,
    sshCommonArgs: target.sshCommonArgs,
    become: language.become(runsOn(attempt), placeOf(attempt)),
  }
}

/**
 * The machine that the task runs on: the controller's own, unless it is handed to another host. Between two machines it becomes
 * nobody: that is for the other end.
 */
export async function reachForTransfer(attempt: Attempt): Promise<Reached> {
  const { context } = attempt.env.play
  const { isSame, connection } = transferOf(attempt)
  if (attempt.settings.delegateTo !== undefined || connection === 'local') {
    const reached = await reach(attempt)
    if (isSame) return reached
    const user = reached.prepared.target.user ?? ''
    const runAs = { user: connection === 'local' ? '' : user, method: 'none' } as const
    return { ...reached, runAs }
  }
  const target = context.language.target(runsOn(attempt), placeOf(attempt))
  const here = { ...target, name: 'localhost', address: 'localhost', connection: 'local' } as const
  return {
    prepared: await reaching(() => context.fleet.prepare(here)),
    runAs: { user: '', method: 'none' },
    ...localSurroundings(attempt),
  }
}
