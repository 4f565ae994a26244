import type { TaskStarted } from '../../proto/run.ts'
import { ErrandError } from '../../proto/errors.ts'
import { addAll, newMap } from '../../proto/value.ts'
import type { Task } from '../playbook/playbook.ts'
import { findModule } from '../modules/registry.ts'
import { catchUp } from './catch-up.ts'
import { Effects } from './effects.ts'
import { Forks } from './forks.ts'
import type { Frame } from './frame.ts'
import { headingOf, plainTaskName } from './heading.ts'
import { hostLabel } from './host-label.ts'
import type { Ran } from './host-outcome.ts'
import { runOnHost } from './host-task.ts'
import type { HostRun } from './host-run.ts'
import { bringIn } from './includes.ts'
import { isInclude } from './include-asked.ts'
import { forgetLater } from './job.ts'
import { inherited, own } from './keywords.ts'
import { outcomePlace } from './outcome-record.ts'
import { handlersNamed, notify } from './handlers.ts'
import type { PlayRun } from './play-run.ts'
import { registered, shown, statusOf } from './results.ts'
import { KeywordReader } from './settings.ts'
import type { TaskEnv } from './task-env.ts'
import { placeText } from './task-error.ts'
import { stopWhenTooMany } from './too-many-failures.ts'

/** Runs a task on all hosts of the frame that take part, then brings in what it includes. */
export async function runTask(play: PlayRun, task: Task, frame: Frame): Promise<void> {
  const { world } = play.context
  world.signal.throwIfAborted()
  play.refreshFacts()
  const active = frame.hosts.filter((host) => host.isActive)
  const [first] = active
  if (!first) return
  const isShared = runsOnce(play, task, first, frame)
  const isOnce = isShared || isOncePerPlay(task)
  if (play.isFree && isOncePerPlay(task)) {
    throw new ErrandError(
      'invalid',
      `${placeText(task)}: The '${task.module}' module bypasses the host loop, which is not supported in the free strategy`,
    )
  }
  const hosts = isOnce ? [first] : active
  const heading = headingOf(play, task, { host: first, frame })
  if (!play.isFree) await play.context.emitter.emit(heading)
  const work: HostWork = { play, task, frame, heading, isOnce, sharers: isShared ? active : [] }
  const ran = await onHosts(hosts, (host) => runAndTell(work, host))
  if (isInclude(task)) await bringIn(play, task, { frame, ran })
  await stopWhenTooMany(play, task, { ran, isOnce, frame })
}

interface HostWork {
  readonly play: PlayRun
  readonly task: Task
  readonly frame: Frame
  readonly heading: TaskStarted
  readonly isOnce: boolean
  /** run_once: the hosts that get its result too. */
  readonly sharers: readonly HostRun[]
}

/** All at once; every one has settled before a rejection passes on. */
async function onHosts(
  hosts: readonly HostRun[],
  work: (host: HostRun) => Promise<Ran>,
): Promise<readonly Ran[]> {
  const settled = await Promise.allSettled(hosts.map(work))
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason
    return one.value
  })
}

async function runAndTell(work: HostWork, host: HostRun): Promise<Ran> {
  const { play, task, heading, frame } = work
  const { context } = play
  const position = context.checkpoints.visit(`t:${task.id}:${host.name}`)
  const isRecorded = context.checkpoints.has(position)
  // What is taken from the record needs no place: who holds one may be waiting for it.
  const throttle = isRecorded ? 0 : throttleOf(play, task, { host, frame })
  const turn = throttle > 0 ? await context.throttle(task.id, throttle).take() : undefined
  const hold = await (isRecorded ? new Forks(1) : context.forks).take()
  try {
    context.world.signal.throwIfAborted()
    if (!isRecorded && context.checkpoints.ahead > 0) {
      await hold.whileWaiting(() => catchUp(context))
    }
    const env: TaskEnv = {
      play,
      task,
      heading,
      host,
      locals: frame.locals,
      hold,
      sharers: work.sharers,
      position,
      effects: new Effects(context),
      endedJobs: [],
    }
    const outcome = await runOnHost(env)
    await tell(work, { host, outcome }, env)
    context.checkpoints.taken(position)
    for (const jobId of env.endedJobs) forgetLater(context.world, jobId)
    return { host, outcome }
  } finally {
    hold.release()
    turn?.release()
  }
}

/** Registers, counts, announces and judges a result. */
async function tell(work: HostWork, ran: Ran, env: TaskEnv): Promise<void> {
  const { play, task, heading } = work
  const { host, outcome } = ran
  const { result } = outcome
  const status = statusOf(result)
  const isIgnored =
    (status === 'failed' && outcome.ignoreErrors) ||
    (status === 'unreachable' && outcome.ignoreUnreachable)
  if (task.role && status !== 'skipped' && status !== 'unreachable')
    play.roleRuns.ran(task.role, host.name)
  const register = own(task, 'register')
  if (typeof register === 'string') {
    for (const sharer of [host, ...work.sharers]) sharer.vars.set.set(register, registered(result))
  }
  shareVars(work, ran)
  const handlers = status === 'changed' ? handlersNamed(play, outcome.notify, host) : []
  const place = outcomePlace(env, outcome)
  if (isInclude(task) && status !== 'failed' && status !== 'skipped' && status !== 'unreachable')
    return await play.context.emitter.keep(place.position, place.value)
  count(work, ran, isIgnored)
  await notify(play, handlers, host)
  await play.emit(
    heading,
    {
      kind: 'host_result',
      taskId: task.id,
      task: heading.task,
      module: task.module,
      host: hostLabel(host.name, outcome.delegate),
      status,
      isIgnored,
      hasItems: outcome.hasItems && !outcome.noLog,
      ...(outcome.hasDiff && !outcome.hasItems ? { showsDiff: true } : {}),
      result: shown(result, outcome),
    },
    place,
  )
}

/** run_once: included variables are those of every host. */
function shareVars(work: HostWork, { host }: Ran): void {
  if (!work.isOnce) return
  for (const sharer of work.sharers) {
    if (sharer === host) continue
    addAll(sharer.vars.included, host.vars.included)
  }
}

function count(work: HostWork, { host, outcome }: Ran, isIgnored: boolean): void {
  const { stats } = work.play.context
  const { result } = outcome
  const status = statusOf(result)
  if (isIgnored) {
    stats.add(host.name, 'ok')
    stats.add(host.name, 'ignored')
    if (status === 'failed' && result.get('changed') === true) stats.add(host.name, 'changed')
    return
  }
  switch (status) {
    case 'failed':
      stats.add(host.name, work.frame.isRescuing ? 'rescued' : 'failed')
      return fail(work, { host, outcome })
    case 'unreachable':
      stats.add(host.name, 'unreachable')
      host.status = 'unreachable'
      return
    case 'skipped':
      return stats.add(host.name, 'skipped')
    case 'changed':
      stats.add(host.name, 'changed')
      return stats.add(host.name, 'ok')
    case 'ok':
      return stats.add(host.name, 'ok')
  }
}

/** The host leaves the play, until a rescue takes it back; after run_once so do the others. */
function fail(work: HostWork, { host, outcome }: Ran): void {
  const { task, heading } = work
  const description = newMap([
    ['name', task.name === undefined ? '' : plainTaskName(heading, task)],
    ['action', task.module],
    ['args', writtenArgs(task)],
  ])
  const { isRescuing, isHandler } = work.frame
  for (const one of [host, ...work.sharers]) {
    const isCause = one === host && isRescuing
    one.status = 'failed'
    one.hasFailedInFlush = isHandler
    one.failure = isCause ? { task: description, result: registered(outcome.result) } : undefined
  }
}

function writtenArgs({ args }: Task) {
  const entries = [...args.map]
  return newMap(
    args.freeForm === undefined ? entries : [...entries, ['_raw_params', args.freeForm]],
  )
}

/** Such a module runs for the first host, and no other host gets its result. */
function isOncePerPlay(task: Task): boolean {
  const module = findModule(task.fullName ?? task.module)
  return module?.kind === 'controller' && module.isOncePerPlay === true
}

function runsOnce(play: PlayRun, task: Task, host: HostRun, frame: Frame): boolean {
  if (inherited(task, 'run_once') === undefined) return false
  return readerFor(play, task, { host, frame }).bool('run_once') ?? false
}

function throttleOf(
  play: PlayRun,
  task: Task,
  where: { readonly host: HostRun; readonly frame: Frame },
): number {
  if (inherited(task, 'throttle') === undefined) return 0
  return readerFor(play, task, where).number('throttle') ?? 0
}

function readerFor(
  play: PlayRun,
  task: Task,
  where: { readonly host: HostRun; readonly frame: Frame },
): KeywordReader {
  const scope = play.context.language.scope({
    host: where.host.name,
    play: play.play,
    task,
    locals: where.frame.locals,
  })
  return new KeywordReader(play.context, task, scope)
}
