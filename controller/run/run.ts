/**
 * Drives a run: its playbooks' plays on their hosts, task by task. It reaches the world only through ports.ts, and
 * whatever happens is an event in the record before anything further is done.
 */
import type { Listing, RunRequest } from '../../proto/run.ts'
import { missingCallbacks } from '../config-file/callbacks.ts'
import { sourceLine } from '../config-file.ts'
import type { Playbook } from '../playbook/playbook.ts'
import { NobodyAnswers } from './ask-user.ts'
import { exitCode } from './exit-code.ts'
import { listHosts, listPlaybook } from './listing.ts'
import { loadLanguage } from './load-language.ts'
import { runPlay, type PlayEnd } from './play.ts'
import { hasNoHosts } from './no-hosts.ts'
import { keepRetryFile } from './retry-file.ts'
import { RunContext } from './run-context.ts'
import type { World } from './world.ts'

export type { World } from './world.ts'

/**
 * Carries out what was asked, from reading the files to the recap. The run's first and last events (`run_started`,
 * `jobs_out`, `run_ended`) are the caller's.
 *
 * @returns The exit code, as ansible-playbook's.
 * @throws {ErrandError} what is wrong with the files or the request; the abort's reason when `signal` aborts: then nothing
 * new was started since, and what runs on the hosts goes on.
 */
export async function run(request: RunRequest, world: World): Promise<number> {
  using context = new RunContext(request, world)
  await tellConfig(context)
  context.begin(await loadLanguage(context))
  await context.tellWarnings()
  if (request.flushCache) flushFacts(context)
  const { listings } = request
  if ((await hasNoHosts(context)) && listings === undefined) return 0
  if (listings !== undefined) return await list(context, listings)
  let code = 0
  for (const playbook of context.language.playbooks) {
    await context.emitter.emit({
      kind: 'playbook_started',
      playbook: playbook.shownAs,
      plays: playbook.plays.length,
    })
    await runPlaybook(context, playbook)
    await keepRetryFile(context, playbook.file)
    await tellStats(context)
    code = codeOf(context)
    if (code !== 0) break
  }
  if (context.isSeekingStart) await tellNoStart(context)
  return code
}

/** --start-at-task named no task. */
async function tellNoStart({ emitter, request }: RunContext): Promise<void> {
  const text =
    `No matching task "${request.startAtTask}" found. ` +
    'Note: --start-at-task can only follow static includes.'
  await emitter.emit({ kind: 'message', level: 'error', text })
}

/** --flush-cache: what earlier runs have learned of the hosts is forgotten. */
function flushFacts(context: RunContext): void {
  for (const name of context.inventory().hosts.keys()) context.hostRun(name).vars.forgetFacts()
}

/** Where the settings come from, as Ansible tells it at -v; and what of them means nothing. */
async function tellConfig({ config, emitter, request }: RunContext): Promise<void> {
  const text = sourceLine(config)
  await emitter.emit({ kind: 'message', level: 'notice', verbosity: 1, text })
  const notes = request.verbosity > 0 ? config.notes : []
  const missing = request.kind === 'adhoc' ? [] : missingCallbacks(config)
  for (const warning of [...config.warnings, ...missing, ...notes]) {
    await emitter.emit({ kind: 'message', level: 'warning', text: warning })
  }
}

async function list(context: RunContext, kinds: readonly Listing[]): Promise<number> {
  for (const playbook of context.language.playbooks) {
    const text =
      context.request.kind === 'adhoc'
        ? listHosts(context, playbook)
        : listPlaybook(context, playbook, { kinds })
    await context.tellWarnings()
    await context.emitter.emit({ kind: 'text', text })
  }
  return 0
}

async function runPlaybook(context: RunContext, playbook: Playbook): Promise<void> {
  for (const play of playbook.plays) {
    context.world.signal.throwIfAborted()
    context.setFacts({ playbookDir: play.baseDir })
    const end = await untilNobodyAnswers(context, () => runPlay(context, play))
    await context.tellWarnings()
    if (end === 'stop') return
  }
}

async function untilNobodyAnswers(
  context: RunContext,
  work: () => Promise<PlayEnd>,
): Promise<PlayEnd> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof NobodyAnswers)) throw error
    context.isCutShort = true
    return 'stop'
  }
}

async function tellStats(context: RunContext): Promise<void> {
  const custom = context.customStats.snapshot()
  const stats = context.stats.snapshot()
  await context.emitter.emit({ kind: 'stats', stats, ...(custom === undefined ? {} : { custom }) })
}

function codeOf(context: RunContext): number {
  const hosts = [...context.hostRuns]
  return exitCode({
    isBroken: context.isBroken,
    hasUnreachable: hosts.some((host) => host.status === 'unreachable'),
    hasFailed: context.isCutShort || hosts.some((host) => host.status === 'failed'),
  })
}
