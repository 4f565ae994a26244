/** The controller daemon: the record, the runs and the fleet behind the control service, for one user. */
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { ControllerStatus } from '../proto/control.ts'
import type { RunId } from '../proto/run.ts'
import { errandVersion } from '../proto/version.ts'
import { Activity } from './api/activity.ts'
import type { FleetPort } from './api/fleet-port.ts'
import type { LanguagePort } from './api/language-port.ts'
import { listen } from './api/listen.ts'
import { holdLock } from './api/lock.ts'
import { privateFolder } from './api/private-folder.ts'
import { controlHandlers } from './api/service.ts'
import type { ControllerConfig } from './config.ts'
import { Retention } from './retention.ts'
import { Runs, type ExecuteRun } from './runs.ts'
import { PrivateRequests } from './runs/private-requests.ts'
import { openSqliteStore } from './store/sqlite.ts'
import type { Store } from './store/store.ts'

/** The fleet and what drives a run with it. */
export interface World extends AsyncDisposable {
  readonly fleet: FleetPort
  readonly language: LanguagePort
  readonly execute: ExecuteRun
  /** After the end of a run that could not be gone on with: its jobs that were never sent are given up. */
  readonly takeUp: (runId: RunId) => Promise<void>
}

export interface ServeOptions {
  /** Opens the fleet on a record that is open; closed before the record is. */
  readonly openWorld: (store: Store, log: Logger) => Promise<World>
  readonly log: Logger
  /** Called now and then. */
  readonly onTick?: () => void
  /** Aborts when the process is asked to leave. */
  readonly signal: AbortSignal
}

/** How often a controller looks whether anybody needs it. */
const tickMs = 5000

/**
 * Serves until `signal` aborts, a client asks it to leave, or nobody has needed it for `idleMs`; then stops its runs
 * and closes in the reverse order of opening.
 *
 * @throws {ErrandError} `conflict` when another controller serves the same home; what is wrong with the record.
 */
export async function serveController(
  config: ControllerConfig,
  options: ServeOptions,
): Promise<void> {
  const { log, openWorld } = options
  const clock = { nowMs: () => Date.now() }
  const uid = process.getuid?.() ?? 0
  privateFolder(config.home, uid)
  privateFolder(dirname(config.socket), uid)
  using _lock = holdLock(config.lockFile)
  await using store = openSqliteStore(config.databaseFile, {
    onRepair: (sentence) => log.warn({ sentence }, 'record repaired'),
  })
  await using world = await openWorld(store, log)
  await using runs = new Runs({
    store,
    execute: world.execute,
    requests: new PrivateRequests(join(config.home, 'going-on')),
    cancelJob: (jobId, how) => world.fleet.cancel(jobId, how),
    clock,
    log,
  })
  for (const runId of await runs.adopt()) await world.takeUp(runId)
  const retention = new Retention({ store, keep: config.keep, clock, log })
  const activity = new Activity(clock.nowMs)
  const leave = new AbortController()
  const status = () => describe(config, { store, runs, fleet: world.fleet, startedAtMs })
  const handlers = controlHandlers({
    store,
    runs,
    fleet: world.fleet,
    language: world.language,
    retention,
    activity,
    log,
    status,
    stop: () => leave.abort(),
  })
  const startedAtMs = clock.nowMs()
  await using _server = await listen({ socket: config.socket, handlers, graceMs: config.graceMs })
  log.info({ socket: config.socket, version: errandVersion }, 'controller ready')
  const signal = AbortSignal.any([options.signal, leave.signal])
  await untilUnneeded({
    config,
    store,
    runs,
    activity,
    signal,
    onTick: async () => {
      options.onTick?.()
      await retention.tick(signal)
    },
  })
  log.info('controller leaves')
  // Who watches a run sees its end before the service closes.
  await runs[Symbol.asyncDispose]()
}

interface Need {
  readonly config: ControllerConfig
  readonly store: Store
  readonly runs: Runs
  readonly activity: Activity
  readonly onTick: () => Promise<void>
  readonly signal: AbortSignal
}

async function untilUnneeded({
  config,
  store,
  runs,
  activity,
  onTick,
  signal,
}: Need): Promise<void> {
  const { idleMs = Infinity } = config
  while (!signal.aborted) {
    if (runs.running > 0 || (await openJobs(store)) > 0) activity.touch()
    if (activity.idleMs >= idleMs) return
    await delay(Math.min(tickMs, idleMs), undefined, { signal }).catch(() => {}) // The loop looks at the signal.
    await onTick()
  }
}

async function openJobs(store: Store): Promise<number> {
  const counts = await store.jobs.openCounts()
  return counts.values().reduce((sum, jobs) => sum + jobs, 0)
}

async function describe(
  config: ControllerConfig,
  about: {
    readonly store: Store
    readonly runs: Runs
    readonly fleet: FleetPort
    readonly startedAtMs: number
  },
): Promise<ControllerStatus> {
  return {
    version: errandVersion,
    pid: process.pid,
    home: config.home,
    startedAtMs: about.startedAtMs,
    runningRuns: about.runs.running,
    runningJobs: await openJobs(about.store),
    connectedHosts: about.fleet.connectedHosts,
  }
}
