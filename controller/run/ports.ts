/**
 * All that a run needs of the world. fleet/ and store/ implement it; tests have fakes of it. A run never imports
 * them.
 */
import type { JobId, JobReport, JobSpec, OutputStream, ProgressStyle } from '../../proto/job.ts'
import type { RunEventBody } from '../../proto/run.ts'
import type { PluginPort } from '../template/plugin-port.ts'

/** How to reach one host, after the inventory's variables were rendered for it. */
export interface HostTarget {
  /** The inventory's name of the host. */
  readonly name: string
  /** `ssh`, or `local` for the controller's own machine. */
  readonly connection: 'ssh' | 'local'
  /** ansible_host; the name when absent. */
  readonly address: string
  readonly sshPort: number | undefined
  readonly user: string | undefined
  readonly password: string | undefined
  readonly privateKeyFile: string | undefined
  readonly privateKeyPassphrase: string | undefined
  readonly sshCommonArgs: string | undefined
  /** errand_port: where the agent listens. */
  readonly agentPort: number
  /** For installing: how to become root. */
  readonly become: BecomeTarget | undefined
  readonly timeoutMs: number
  /** How often SSH is tried again when the host does not answer. */
  readonly sshRetries: number
}

export interface BecomeTarget {
  readonly method: 'sudo' | 'su'
  readonly user: string
  readonly password: string | undefined
  readonly flags: string | undefined
}

/** What a run may ask of the agents. */
export interface AgentsPort {
  /**
   * Sees to it that the host's agent answers, installing it when the run allows that.
   *
   * @throws {ErrandError} `unreachable`, `denied` or `unsupported`: what an `UNREACHABLE!` line says.
   */
  prepare(target: HostTarget, options: PrepareOptions): Promise<PreparedHost>
}

export interface PrepareOptions {
  readonly install: boolean
  readonly acceptNewHostKeys: boolean
  readonly nodeRuntimeFile: string | undefined
  /** SSH_AUTH_SOCK and HOME of the user who asked. */
  readonly environment: Readonly<Record<string, string>>
  readonly onStep: (step: string, message: string) => void
  readonly signal: AbortSignal
}

/** A host whose agent has answered. */
export interface PreparedHost {
  readonly target: HostTarget
  readonly agentId: string
  /** The account that the agent runs as, and whether that is root. */
  readonly agentUser: string
  readonly isRoot: boolean
}

/** Where a job comes from, for the record and for people. */
export interface JobOrigin {
  readonly runId: string
  readonly taskId: string
  readonly taskName: string
  readonly host: string
  /** Asked for by `async`: shown by `errand jobs`; else it is one step of a synchronous task. */
  readonly isAsync: boolean
  /** Where in its run it is started (see Checkpoints). */
  readonly position: string
  readonly about?: JobAbout
}

/** What the record keeps of a job for those who ask about many. */
export interface JobAbout {
  readonly labels: Readonly<Record<string, string>>
  /** Equal for jobs of the same task, whatever run they are of. */
  readonly sameTask: string
  /** What it prints is text for people, and its task has no `no_log`. */
  readonly hasOutput: boolean
  /** `lines`: `errand: progress 40% text`. `percent`: any line that ends in `40%`. */
  readonly progress: ProgressStyle
}

/** Jobs of the fleet. The id is in the record before the job is sent; each call may be repeated. */
export interface JobsPort {
  /**
   * Records and submits. Resolves with the agent's first report, which may be the end already.
   *
   * @throws {ErrandError} `unreachable` when the host stays silent for the target's time-out: the job may or may not run; its
   * record says so until the host answers.
   */
  start(host: PreparedHost, spec: JobSpec, options: StartOptions): Promise<JobReport>
  /** What is known of a job without asking anybody; undefined when its host never answered for it. */
  recorded(jobId: JobId): Promise<JobReport | undefined>
  /** Records a job that waits for its host; repeating it for the same id changes nothing. {@link start} sends it then. */
  hold(job: HeldJob): Promise<void>
  /** Ends a job that waits for its host; one that was sent meanwhile goes on. */
  giveUp(jobId: JobId, end: 'expired' | 'cancelled'): Promise<void>
  /** Resolves with the final report, as soon as the agent says so; survives lost connections. */
  wait(jobId: JobId, options: { readonly signal: AbortSignal }): Promise<JobReport>
  /**
   * Asks the agent now.
   *
   * @throws {ErrandError} `not_found`: no such job, or its output was dropped; `unreachable`.
   */
  look(jobId: JobId, options: { readonly signal: AbortSignal }): Promise<JobView>
  /** All kept bytes of one stream of an ended job. */
  output(
    jobId: JobId,
    stream: OutputStream,
    options: { readonly signal: AbortSignal },
  ): Promise<Uint8Array>
  cancel(
    jobId: JobId,
    options: { readonly graceMs: number; readonly signal: AbortSignal },
  ): Promise<JobReport>
  /** Drops the job's files on the host (async_status mode=cleanup). */
  forget(jobId: JobId, options: { readonly signal: AbortSignal }): Promise<void>
  /** Sends a file's bytes for a job to come and gives the upload's id. */
  upload(
    host: PreparedHost,
    content: Uint8Array | { readonly path: string },
    options: {
      /** It will be needed again: a host that still has it is not sent it. */
      readonly isKept?: boolean
      readonly signal: AbortSignal
    },
  ): Promise<string>
  /** Bytes of a file on the host. */
  download(
    host: PreparedHost,
    path: string,
    options: { readonly runAs: JobSpec['runAs']; readonly signal: AbortSignal },
  ): AsyncIterable<Uint8Array>
}

/** A job that is in the record and has not been sent, since its host is away. */
export interface HeldJob extends Pick<JobOrigin, 'runId' | 'taskId' | 'host' | 'position'> {
  readonly jobId: JobId
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly expiresAtMs: number
}

export interface StartOptions {
  readonly origin: JobOrigin
  /** Its id is in the record already, from a wait or the controller that began the run: what it came to counts, and nothing starts twice. */
  readonly isKnown: boolean
  readonly signal: AbortSignal
}

/** A report and the host that it is of. */
export interface JobView {
  readonly host: string
  readonly report: JobReport
}

/** Writes a run's events to the record, in order, before anybody sees them. */
export interface RecordPort {
  /** The checkpoint is written with the event, or neither is. */
  append(body: RunEventBody, checkpoint?: RecordedPlace): Promise<void>
  /** A checkpoint without an event. */
  keep(checkpoint: RecordedPlace): Promise<void>
}

/** That a run has come by a place of it, and what is needed to come by again. */
export interface RecordedPlace {
  readonly position: string
  readonly value: string
}

/** What users answer to the questions of a run. */
export interface AnswersPort {
  /** Takes answers from now on, so that none is missed that comes as soon as the question is told. */
  open(questionId: string): OpenQuestion
}

export interface OpenQuestion extends Disposable {
  /** The first answer. Rejects with the abort's reason. */
  answer(signal: AbortSignal): Promise<Answer>
}

/** Without text: the user's input is at its end, or so is the time that the question has. */
export interface Answer {
  readonly text?: string
  /** The task that asked is to fail. */
  readonly isAbort?: true
}

/** Time as a parameter. */
export interface ClockPort {
  nowMs(): number
  sleep(ms: number, options: { readonly signal: AbortSignal }): Promise<void>
}

/** Modules that errand has not itself: those of ansible-core, of collections, of roles and beside playbooks. */
export interface ModulesPort {
  open(places: ModulePlaces, options: { readonly signal: AbortSignal }): Promise<InstalledModules>
}

/** Where one run looks for them. */
export interface ModulePlaces {
  /** `library` folders, the first that has a module counts. */
  readonly folders: readonly string[]
  /** Folders with further module_utils. */
  readonly moduleUtils: readonly string[]
  /** Folders that hold `ansible_collections`. */
  readonly collections: readonly string[]
  /** PATH and HOME of the user who asked. */
  readonly path: string
  readonly home: string
}

export interface InstalledModules {
  /** Whether an ansible-core is there, whose modules can be packed; its version. */
  readonly hasCore: boolean
  /** Folders that hold the `ansible_collections` which were installed with it. */
  readonly collections: readonly string[]
  readonly version: string | undefined
  find(name: string): InstalledModule | undefined
  /**
   * What is sent to a host.
   *
   * @throws {ErrandError} `unsupported` without ansible-core, or for another kind of host; `invalid` when its file cannot
   * be packed.
   */
  pack(module: InstalledModule, options: { readonly signal: AbortSignal }): Promise<PackedModule>
}

export interface InstalledModule {
  /** The Python name: `ansible.modules.user`, `ansible_collections.ansible.posix.plugins.modules.mount`. */
  readonly name: string
  readonly file: string
}

/** How a module's file wants to be run. */
export type ModuleKind = 'python' | 'binary' | 'want_json' | 'json_args' | 'old' | 'powershell'

export interface PackedModule {
  readonly kind: ModuleKind
  /** A zip file that Python runs; for other kinds the file as it is. */
  readonly content: Uint8Array
}

/** Filters, tests and lookups in Python: the user's own, those of ansible-core and of collections. */
export interface PluginsPort {
  open(places: PluginPlaces, options: { readonly signal: AbortSignal }): Promise<RunPlugins>
}

/** Folders of plugins by what is in them. */
export interface PluginFolders {
  readonly filter: readonly string[]
  readonly test: readonly string[]
  readonly lookup: readonly string[]
}

/** Where one run looks for plugins, and what they see of it. */
export interface PluginPlaces {
  /** As ansible.cfg says it. */
  readonly configured: PluginFolders
  /** Folders that hold `ansible_collections`. */
  readonly collections: readonly string[]
  /** Of the user who asked. */
  readonly environment: Readonly<Record<string, string>>
  readonly cwd: string
  readonly vaultPasswords: readonly { readonly id: string; readonly password: string }[]
  readonly onWarning: (message: string) => void
}

/** The plugins of one run. Whoever opened them ends the process that runs them. */
export interface RunPlugins extends PluginPort, Disposable {
  /**
   * A playbook's or a role's folder was read: what lies in its `filter_plugins` and the like counts from now on. True
   * when there was any.
   */
  addFolder(folder: string): boolean
}
