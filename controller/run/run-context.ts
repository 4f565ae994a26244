import { resolve } from 'node:path'
import type { JobId } from '../../proto/job.ts'
import type { RunRequest } from '../../proto/run.ts'
import type { ValueMap } from '../../proto/value.ts'
import { loadConfigFile, type AnsibleConfig } from '../config-file.ts'
import type { Host, Inventory } from '../inventory/inventory.ts'
import type { HostState, RunFacts } from '../vars/host-vars.ts'
import type { AsyncJob } from './async-job.ts'
import { Checkpoints } from './checkpoints.ts'
import { CustomStats } from './custom-stats.ts'
import { Emitter } from './emitter.ts'
import { cachedFactsOf } from './cached-facts.ts'
import { openFactCache, type FactCache } from './fact-cache.ts'
import { Forks } from './forks.ts'
import { Fleet } from './fleet.ts'
import { grow, growAgain, withGroupNames, type Growth } from './grown-inventory.ts'
import type { CachedFacts } from './host-knowledge.ts'
import { HostRun } from './host-run.ts'
import type { Language, RunState } from './language.ts'
import { Stats } from './stats.ts'
import type { World } from './world.ts'

/** What lasts for one run: its hosts and what they learned, its counts, its jobs. */
export class RunContext implements RunState, Disposable {
  readonly request: RunRequest
  readonly world: World
  /** ansible.cfg and the ANSIBLE_* variables. */
  readonly config: AnsibleConfig
  readonly checkpoints: Checkpoints
  readonly emitter: Emitter
  readonly stats = new Stats()
  readonly forks: Forks
  /** Nobody answers the run's questions any more, so it ended before its last task. */
  isCutShort = false
  /** any_errors_fatal or max_fail_percentage ended the run. */
  isBroken = false
  readonly fleet: Fleet
  /** Jobs that `async` started in this run. */
  readonly asyncJobs: Map<JobId, AsyncJob>
  readonly #hosts = new Map<string, HostRun>()
  readonly #throttles = new Map<string, Forks>()
  #language: Language | undefined
  #inventory: Inventory | undefined
  readonly #growths: Growth[] = []
  #facts: RunFacts
  #toldWarnings = 0
  readonly #factCache: FactCache | undefined
  readonly #cached = new Map<string, CachedFacts>()
  readonly #opened = new DisposableStack()
  /** Beside those of the language, until they are told. */
  readonly #ownWarnings: string[] = []
  /** --start-at-task was given and its task has not come yet. */
  isSeekingStart: boolean
  /** set_stats, shown with the recap. */
  readonly customStats = new CustomStats()

  /** @throws {ErrandError} what is wrong with ansible.cfg. */
  constructor(request: RunRequest, world: World) {
    this.request = request
    this.world = world
    this.config = loadConfigFile(request)
    this.checkpoints = new Checkpoints(world.recorded)
    this.emitter = new Emitter(world.record, this.checkpoints)
    this.forks = new Forks(request.forks)
    this.fleet = new Fleet(request, world, this.emitter)
    this.asyncJobs = new Map<JobId, AsyncJob>()
    this.isSeekingStart = request.startAtTask !== undefined
    this.#facts = initialFacts(request, this.config)
    this.#factCache = openFactCache({
      config: this.config,
      nowMs: () => world.clock.nowMs(),
      onWarning: (text) => this.#ownWarnings.push(text),
    })
  }

  /** Set once, after the files were read: reading them needs the run's state. */
  begin(language: Language): void {
    this.#language = language
    this.#inventory = language.inventory
  }

  /** What was opened for the run is closed with it. */
  endsWith(opened: Disposable): void {
    this.#opened.use(opened)
  }

  [Symbol.dispose](): void {
    this.#opened.dispose()
  }

  /** Says what the language has warned of since it was last asked. */
  async tellWarnings(): Promise<void> {
    const { warnings } = this.language
    const fresh = new Set([...this.#ownWarnings.splice(0), ...warnings.slice(this.#toldWarnings)])
    this.#toldWarnings = warnings.length
    for (const text of fresh) {
      await this.emitter.emit({ kind: 'message', level: 'warning', text })
    }
  }

  get language(): Language {
    if (!this.#language) throw new Error('a run begins with its language')
    return this.#language
  }

  inventory(): Inventory {
    if (!this.#inventory) throw new Error('a run begins with its inventory')
    return this.#inventory
  }

  /** Puts a host or a group in; true when that changed anything. */
  grow(growth: Growth): boolean {
    const named = withGroupNames(growth, this.language.groupNames)
    const grown = grow(this.inventory(), named)
    this.#growths.push(named)
    this.#inventory = grown.inventory
    return grown.hasChanged
  }

  /** Reads the inventory anew; what the run has put in stays. */
  async refreshInventory(): Promise<void> {
    this.#inventory = growAgain(await this.language.reloadInventory(), this.#growths)
  }

  hostRun(name: string): HostRun {
    const known = this.#hosts.get(name)
    if (known) return known
    const host = new HostRun(name, this.#cachedFacts(name))
    this.#hosts.set(name, host)
    return host
  }

  /** What an earlier run has left of a host's facts, before it takes part in this one. */
  factsBefore(name: string): ValueMap | undefined {
    return this.#cachedFacts(name)?.load()
  }

  #cachedFacts(name: string): CachedFacts | undefined {
    if (!this.#factCache) return undefined
    const cached = this.#cached.get(name) ?? cachedFactsOf(name, this, this.#factCache)
    this.#cached.set(name, cached)
    return cached
  }

  get hostRuns(): Iterable<HostRun> {
    return this.#hosts.values()
  }

  host(name: string): HostState {
    return this.hostRun(name).vars
  }

  hostEntry(name: string): Host | undefined {
    return this.inventory().hosts.get(name)
  }

  facts(): RunFacts {
    return this.#facts
  }

  setFacts(facts: Partial<RunFacts>): void {
    this.#facts = { ...this.#facts, ...facts }
  }

  /** The places that `throttle` leaves for one task. */
  throttle(taskId: string, limit: number): Forks {
    const known = this.#throttles.get(taskId)
    if (known) return known
    const made = new Forks(limit)
    this.#throttles.set(taskId, made)
    return made
  }
}

function initialFacts(request: RunRequest, config: AnsibleConfig): RunFacts {
  return {
    checkMode: request.check,
    diffMode: request.diff,
    forks: request.forks,
    verbosity: request.verbosity,
    limit: request.limit,
    runTags: request.tags.length > 0 ? request.tags : ['all'],
    skipTags: request.skipTags,
    configFile: config.file,
    playbookDir: resolve(request.cwd, request.adhoc?.playbookDir ?? '.'),
    playHosts: [],
    playBatch: [],
    playHostsAll: [],
  }
}
