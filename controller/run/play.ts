import { ErrandError } from '../../proto/errors.ts'
import { isList, newMap } from '../../proto/value.ts'
import type { Play, Task } from '../playbook/playbook.ts'
import { readBool, textOf } from '../modules/arguments.ts'
import { checkpointText } from './checkpoints.ts'
import { flushHandlers, playHandlers } from './handlers.ts'
import type { HostRun } from './host-run.ts'
import { own } from './keywords.ts'
import { noLocals } from './locals.ts'
import { playHeading, renderPlay } from './play-heading.ts'
import { PlayRun } from './play-run.ts'
import type { RunContext } from './run-context.ts'
import { serialBatches } from './serial.ts'
import { ordered } from './order.ts'
import { asPercent } from './too-many-failures.ts'
import { takeAnswers } from './prompts.ts'
import { holdsStart, isStart } from './start-at.ts'
import { isTagged } from './is-tagged.ts'
import type { Frame } from './frame.ts'
import { placeText } from './task-error.ts'
import { runNodes } from './walk.ts'

/** Whether the run goes on with the next play. */
export type PlayEnd = 'go_on' | 'stop'

/** Runs one play on its hosts, batch by batch. */
export async function runPlay(context: RunContext, play: Play): Promise<PlayEnd> {
  await takeAnswers(context, play)
  checkPercentage(context, play)
  const { patterns, title } = playHeading(context, play)
  const names = context.language.match(patterns, context.inventory())
  await context.tellWarnings()
  const hosts = (await inOrder(context, play, names)).map((name) => context.hostRun(name))
  for (const host of hosts) if (host.status === 'ended') host.status = 'active'
  const faults = hosts.map(({ name }) => context.language.readVarsFiles({ host: name, play }))
  const fault = faults.find((one) => one !== undefined)
  const [first] = names
  if (first !== undefined && fault === undefined) context.language.checkNames({ host: first, play })
  await context.tellWarnings()
  const heading = { title, path: `${play.place.file}:${play.place.line}` }
  await announce(context, heading, hosts)
  if (fault) throw fault
  if (hosts.length === 0) {
    await context.emitter.emit({ kind: 'no_hosts_matched' })
    return 'go_on'
  }
  const serial = own(play, 'serial')
  const size = serial === undefined ? undefined : renderPlay(context, play, serial)
  for (const [index, batch] of serialBatches(hosts, size).entries()) {
    if (index > 0) await announce(context, heading, batch)
    leaveLost(context)
    const failedBefore = batch.filter(isOut).length
    const run = new PlayRun({
      context,
      play,
      isFree: isFree(context, play),
      walk: (one) => (nodes, frame) => runNodes(one, nodes, frame),
      allHosts: names.map((name) => context.hostRun(name)),
      batch,
    })
    run.addHandlers(playHandlers(play))
    for (const host of batch) {
      host.isRemoved = false
      host.isFlushed = false
    }
    run.refreshFacts()
    await runBatch(run)
    const failed = batch.filter(isOut).length - failedBefore
    context.isBroken ||= run.isBroken || run.isLast
    if (context.isBroken || failed === batch.length) return 'stop'
    if (run.isEnded) return 'go_on'
  }
  return 'go_on'
}

/** @throws {ErrandError} `syntax` before anything of the play runs. */
function checkPercentage(context: RunContext, play: Play): void {
  const written = own(play, 'max_fail_percentage') ?? null
  if (written === null) return
  const value = renderPlay(context, play, written)
  if (asPercent(value) !== undefined) return
  const { file, line } = play.place
  throw new ErrandError(
    'syntax',
    `${file}:${line}: the field 'max_fail_percentage' has an invalid value (${textOf(value)}), and could not be converted to an percent`,
  )
}

/** The hosts as the play's `order` wants them; an order that was drawn is kept, since who goes on would draw another. */
async function inOrder(
  context: RunContext,
  play: Play,
  names: readonly string[],
): Promise<readonly string[]> {
  const { checkpoints, emitter } = context
  const written = own(play, 'order') ?? null
  const order = written === null ? undefined : textOf(renderPlay(context, play, written))
  if (order !== 'shuffle') return ordered(names, order)
  const position = checkpoints.visit(`order:${play.id}`)
  const known = checkpoints.at(position)
  if (isList(known)) return known.map(textOf)
  const drawn = ordered(names, order)
  await emitter.keep(position, checkpointText(drawn))
  return drawn
}

async function announce(
  context: RunContext,
  { title, path }: { readonly title: string; readonly path: string },
  hosts: readonly HostRun[],
): Promise<void> {
  const names = hosts.map((host) => host.name)
  await context.emitter.emit({ kind: 'play_started', play: title, hosts: names, path })
}

function isOut(host: HostRun): boolean {
  return host.isLost || host.status === 'failed' || host.status === 'unreachable'
}

/** Only from here on: the exit code does not know of them while no other play begins. */
function leaveLost(context: RunContext): void {
  for (const host of context.hostRuns) {
    if (host.isLost && host.status !== 'unreachable') host.status = 'failed'
    host.isLost = false
  }
}

function isFree(context: RunContext, play: Play): boolean {
  const strategy = own(play, 'strategy')
  const written =
    strategy === undefined || strategy === null
      ? context.config.strategy
      : textOf(renderPlay(context, play, strategy))
  const isFreeByName = strategies.get(written.replace(/^ansible\.builtin\./u, ''))
  if (isFreeByName !== undefined) return isFreeByName
  throw new ErrandError(
    'invalid',
    `${placeText(play)}: Invalid play strategy specified: ${written}`,
  )
}

/** Whether each host goes through the play on its own. */
const strategies = new Map([
  ['linear', false],
  ['debug', false],
  ['free', true],
  ['host_pinned', true],
])

async function runBatch(run: PlayRun): Promise<void> {
  if (!run.isFree) return await runSections(run, run.batch)
  const settled = await Promise.allSettled(run.batch.map((host) => runSections(run, [host])))
  for (const one of settled) if (one.status === 'rejected') throw one.reason
}

/** Facts, pre_tasks, roles and tasks, post_tasks; handlers after each. */
async function runSections(run: PlayRun, hosts: readonly HostRun[]): Promise<void> {
  const { play } = run
  const frame = { hosts, locals: noLocals, isRescuing: false, isHandler: false }
  if (isStartingHere(run, hosts)) await gather(run, frame)
  const sections = [play.preTasks, [...play.roles, ...play.tasks], play.postTasks]
  for (const section of sections) {
    await runNodes(run, section, frame)
    await flushHandlers(run, hosts)
  }
}

/** With --start-at-task facts are gathered from the play on that holds the task. */
function isStartingHere(run: PlayRun, hosts: readonly HostRun[]): boolean {
  const { context, play } = run
  const [host] = hosts
  if (!context.isSeekingStart || !host) return true
  const nodes = [...play.preTasks, ...play.roles, ...play.tasks, ...play.postTasks]
  const isOne = (task: Task) =>
    isStart(context, task) && isTagged(run, task, { host, locals: noLocals })
  return holdsStart(nodes, isOne)
}

async function gather(run: PlayRun, frame: Frame): Promise<void> {
  const gathering = gatherTask(run)
  if (!gathering) return
  const hosts = frame.hosts.filter((host) => !isSmart(run) || !host.vars.hasGathered)
  await runNodes(run, [gathering], { ...frame, hosts, isBeforeAll: true })
}

/** The task that gathers facts; undefined when the play wants none. */
function gatherTask(run: PlayRun): Task | undefined {
  const { play, context } = run
  const written = own(play, 'gather_facts')
  const [first] = run.batch
  const isWanted =
    written === undefined || written === null || !first
      ? context.config.gathering !== 'explicit'
      : (readBool(run.renderFor(first, written)) ?? false)
  if (!isWanted) return undefined
  const args = newMap()
  for (const name of ['gather_subset', 'gather_timeout', 'fact_path']) {
    const value = own(play, name)
    if (value !== undefined && value !== null) args.set(name, value)
  }
  return {
    kind: 'task',
    id: `${play.id}.facts`,
    place: play.place,
    name: 'Gathering Facts',
    keywords: newMap(hasTags(play) ? [] : [['tags', ['always']]]),
    vars: newMap(),
    isHandler: false,
    module: 'gather_facts',
    fullName: undefined,
    args: { freeForm: undefined, map: args, splat: undefined },
    loop: undefined,
    parent: play,
    role: undefined,
  }
}

/** A play with tags of its own gathers facts only where those are asked for. */
function hasTags(play: Play): boolean {
  const tags = own(play, 'tags')
  return tags !== undefined && tags !== null && tags !== '' && !(isList(tags) && tags.length === 0)
}

function isSmart(run: PlayRun): boolean {
  return run.context.config.gathering === 'smart'
}
