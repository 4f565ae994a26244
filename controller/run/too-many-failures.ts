import type { Value } from '../../proto/value.ts'
import { textOf } from '../modules/arguments.ts'
import type { Task } from '../playbook/playbook.ts'
import type { Frame } from './frame.ts'
import type { Ran } from './host-outcome.ts'
import { own } from './keywords.ts'
import type { PlayRun } from './play-run.ts'
import { KeywordReader } from './settings.ts'

/** After a task: any_errors_fatal (and run_once) fail every host of the batch, max_fail_percentage too. */
export async function stopWhenTooMany(
  play: PlayRun,
  task: Task,
  after: { readonly ran: readonly Ran[]; readonly isOnce: boolean; readonly frame: Frame },
): Promise<void> {
  if (play.isFree) return // each host is on its own there
  const { isRescuing, isAlwaysNext = false, isAlwaysToCome = false } = after.frame
  const isFailure = ({ host }: Ran) =>
    host.status === 'unreachable' || (host.status === 'failed' && !isRescuing && !isAlwaysNext)
  if (!after.ran.some(isFailure)) return
  if (after.isOnce || isAnyFatal(play, task, after)) {
    const isLeft = after.ran.some(({ host }) => host.status === 'unreachable')
    if (isAlwaysToCome && !isLeft) {
      play.isLast = true
      return
    }
    breakPlay(play)
    await play.context.emitter.emit({ kind: 'no_hosts_left' })
    return
  }
  const limit = maxFailPercentage(play)
  if (limit === undefined || isAlwaysToCome) return
  const failed = play.batch.filter((host) => host.status === 'failed').length
  if ((failed / play.batch.length) * 100 <= limit) return
  breakPlay(play)
  // Ansible says it once for the percentage and once for the play.
  await play.context.emitter.emit({ kind: 'no_hosts_left' }, { kind: 'no_hosts_left' })
}

function isAnyFatal(
  play: PlayRun,
  task: Task,
  after: { readonly ran: readonly Ran[]; readonly frame: Frame },
): boolean {
  const [first] = after.ran
  if (!first) return false
  const { language } = play.context
  const scope = language.scope({
    host: first.host.name,
    play: play.play,
    task,
    locals: after.frame.locals,
  })
  return (
    new KeywordReader(play.context, task, scope).bool('any_errors_fatal') ??
    play.context.config.anyErrorsFatal
  )
}

/** The hosts that had not failed leave the play with those that had. */
function breakPlay(play: PlayRun): void {
  play.isBroken = true
  for (const host of play.batch) if (host.isActive) host.status = 'failed'
}

function maxFailPercentage(play: PlayRun): number | undefined {
  const written = own(play.play, 'max_fail_percentage')
  const [first] = play.batch
  if (written === undefined || written === null || !first) return undefined
  return asPercent(play.renderFor(first, written))
}

/** A number, `%` behind it or not; undefined for what is none. */
export function asPercent(value: Value): number | undefined {
  const text = textOf(value).trim().replace(/%$/u, '')
  const number = text === '' ? Number.NaN : Number(text)
  return Number.isFinite(number) ? number : undefined
}
