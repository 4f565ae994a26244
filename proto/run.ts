import type { JobStage } from './job-life.ts'
import type { Value, ValueMap } from './value.ts'

/** `r`, 13 digits of milliseconds, a dash, 6 random letters. */
export type RunId = string

/**
 * What the command line asks the controller to run. The controller runs as the same user on the same machine and
 * reads the files itself, relative to `cwd`. Flags are those of ansible-playbook and ansible.
 */
export interface RunRequest {
  readonly kind: 'playbook' | 'adhoc'
  /** For `errand runs`: the command line without secrets. */
  readonly title: string
  readonly cwd: string
  /** --list-hosts, --list-tasks, --list-tags, --syntax-check: say it in `text` events, and run nothing. */
  readonly listings?: readonly Listing[]
  /** What the user was asked before the run: `play id.variable` and the answer. */
  readonly promptAnswers?: Readonly<Record<string, string>>
  /** kind playbook: files. */
  readonly playbooks: readonly string[]
  /** kind adhoc: -m and -a and the pattern. */
  readonly adhoc?: AdhocRequest
  /** -i, in order: paths or lists with a comma. */
  readonly inventories: readonly string[]
  readonly limit?: string
  readonly tags: readonly string[]
  readonly skipTags: readonly string[]
  /** -M, in order: where modules are looked for first. */
  readonly modulePath?: readonly string[]
  /** -e, in order, as written: `k=v …`, YAML, JSON or @file. */
  readonly extraVars: readonly string[]
  readonly check: boolean
  readonly diff: boolean
  readonly forks: number
  readonly verbosity: number
  readonly connection: ConnectionFlags
  readonly startAtTask?: string
  /** Whoever asks for the run watches it at a terminal: `pause` may wait for an answer. */
  readonly canAsk?: true
  /** Ask the user before each task. */
  readonly step?: true
  readonly forceHandlers: boolean
  readonly flushCache: boolean
  /** How long the first task of each play waits for a host that is away. Default: not at all. */
  readonly waitForHostsMs?: number
  /** Refuse to install agents on the way. */
  readonly noInstall: boolean
  /** How results are to be shown; Ansible's defaults when absent. */
  readonly display?: DisplaySettings
  readonly vaultPasswords: readonly VaultPassword[]
  /** ANSIBLE_* and the few others that mean something: HOME, SSH_AUTH_SOCK, USER; also what lookup('env') may see. */
  readonly environment: Readonly<Record<string, string>>
}

/** What may be asked of a playbook without running it. */
export type Listing = 'hosts' | 'tasks' | 'tags' | 'syntax'

export interface AdhocRequest {
  readonly pattern: string
  readonly module: string
  /** -a, as written. */
  readonly args: string
  /** `-- COMMAND…`: an argument list instead of `args`. */
  readonly argv?: readonly string[]
  readonly asyncSeconds: number
  readonly pollSeconds: number
  /** --task-timeout. Default: that of ansible.cfg. */
  readonly timeoutSeconds?: number
  /** --playbook-dir: where group_vars, roles, library and files lie. Default: the working folder. */
  readonly playbookDir?: string
  readonly oneLine: boolean
  /** Jobs for hosts that are away wait this long, and start when the host is back. */
  readonly whenReachable?: { readonly expiresMs: number }
}

export interface ConnectionFlags {
  readonly user?: string
  readonly connection?: string
  readonly timeoutSeconds?: number
  readonly privateKeyFile?: string
  readonly sshCommonArgs?: string
  readonly become: boolean
  readonly becomeMethod?: string
  readonly becomeUser?: string
  readonly becomePassword?: string
  readonly sshPassword?: string
  readonly acceptNewHostKeys: boolean
  readonly nodeRuntimeFile?: string
}

export interface VaultPassword {
  readonly id: string
  readonly password: string
}

/** What `errand install` and `errand uninstall` ask for. */
export interface InstallRequest {
  readonly cwd: string
  readonly inventories: readonly string[]
  readonly pattern: string
  readonly limit?: string
  readonly extraVars: readonly string[]
  readonly forks: number
  readonly connection: ConnectionFlags
  readonly vaultPasswords: readonly VaultPassword[]
  readonly environment: Readonly<Record<string, string>>
  /** uninstall: also forget hosts that cannot be reached. */
  readonly force: boolean
}

/**
 * One thing that happened in a run. Numbered from 1 without gaps, written to the record before anybody is shown it.
 * What a terminal prints is a pure function of these.
 */
export interface RunEvent {
  readonly seq: number
  readonly atMs: number
  readonly body: RunEventBody
}

export type RunEventBody =
  | { readonly kind: 'run_started'; readonly request: RunHeading }
  /** As it was named on the command line, and how many plays it has. */
  | { readonly kind: 'playbook_started'; readonly playbook: string; readonly plays: number }
  | {
      readonly kind: 'play_started'
      readonly play: string
      readonly hosts: readonly string[]
      /** file:line */
      readonly path?: string
    }
  /** The play's pattern matched nothing. */
  | { readonly kind: 'no_hosts_matched' }
  /** Every host of the play has failed. */
  | { readonly kind: 'no_hosts_left' }
  | TaskStarted
  | HostResult
  | ItemResult
  | {
      readonly kind: 'retrying'
      readonly taskId: string
      readonly task: string
      readonly host: HostLabel
      readonly retriesLeft: number
      readonly result: ValueMap
    }
  | {
      readonly kind: 'async_poll'
      readonly host: string
      readonly jobId: string
      readonly started: number
      readonly finished: number
    }
  | { readonly kind: 'async_ok'; readonly host: string; readonly jobId: string }
  | { readonly kind: 'async_failed'; readonly host: string; readonly jobId: string }
  | {
      readonly kind: 'included'
      readonly file: string
      readonly hosts: readonly string[]
      readonly label?: string
    }
  | { readonly kind: 'notified'; readonly handler: string; readonly host: string }
  | {
      readonly kind: 'message'
      readonly level: 'warning' | 'deprecation' | 'error' | 'notice'
      /** For `notice`: shown from this verbosity on. */
      readonly verbosity?: number
      readonly text: string
    }
  /** The user is asked something; the run waits for the answer (AnswerRun). `text` ends where the answer is typed. */
  | {
      readonly kind: 'question'
      readonly questionId: string
      readonly about: 'step' | 'pause'
      readonly text: string
      /** The answer is not shown while it is typed, nor afterwards. */
      readonly isHidden?: true
      /** The run goes on by itself at this time; no line is waited for. */
      readonly untilMs?: number
    }
  /**
   * The first answer to a question; without text the user's input or the time was at its end. An empty text in place of a hidden
   * one. `isAbort`: the user wants the pause to fail.
   */
  | {
      readonly kind: 'answer'
      readonly questionId: string
      readonly text?: string
      readonly isAbort?: true
    }
  | {
      readonly kind: 'job_started'
      readonly jobId: string
      readonly host: string
      readonly task: string
      readonly isAsync: boolean
      /** What it prints is text for people: there is something to follow. */
      readonly hasOutput?: boolean
    }
  /** A host is away, and is waited for; `jobId`: of the job that waits in the record. */
  | {
      readonly kind: 'host_awaited'
      readonly host: string
      readonly task: string
      readonly untilMs: number
      readonly reason: string
      readonly jobId?: string
    }
  | {
      readonly kind: 'install_step'
      readonly host: string
      readonly step: string
      readonly message: string
    }
  | {
      readonly kind: 'stats'
      readonly stats: Readonly<Record<string, HostStats>>
      readonly custom?: ValueMap
    }
  /** For standard output as it is, its line ends included: what a {@link Listing} came to. */
  | { readonly kind: 'text'; readonly text: string }
  /** What became of jobs that were to end with the run, when it was interrupted with `cancel`. */
  | { readonly kind: 'jobs_cancelled'; readonly jobs: readonly CancelledJob[] }
  /** Jobs that the run leaves behind, still running. */
  | { readonly kind: 'jobs_out'; readonly jobs: readonly JobOut[] }
  | { readonly kind: 'run_ended'; readonly exitCode: number; readonly error?: string }

export interface RunHeading {
  readonly kind: 'playbook' | 'adhoc'
  readonly title: string
  readonly playbooks: readonly string[]
  readonly check: boolean
  readonly diff: boolean
  readonly oneLine: boolean
  /** As asked for at the start, so that who attaches sees the same lines; filled in by the record. */
  readonly verbosity?: number
  readonly display?: DisplaySettings
}

/** How results are shown, as ansible.cfg says it. */
export interface DisplaySettings {
  /** `default`, `minimal`, `oneline`, `yaml` (that of community.general), `debug`, `skippy`, `json`, `null`. */
  readonly callback: string
  readonly resultFormat: 'json' | 'yaml'
  /** Spread over lines; undefined: yaml is, json is not. */
  readonly isPretty?: boolean
  readonly skippedHosts: boolean
  readonly okHosts: boolean
  readonly failedOnStderr: boolean
  readonly customStats: boolean
  readonly taskPathOnFailure: boolean
  readonly checkModeMarkers: boolean
  /** False: nobody is told what will go away. */
  readonly deprecations?: boolean
  /** What is said beside the results: `timer`, `profile_tasks`. */
  readonly callbacks?: readonly string[]
}

/** `[h]`, or `[h -> d]` when delegated. */
export interface HostLabel {
  readonly host: string
  readonly delegate?: string
}

export interface TaskStarted {
  readonly kind: 'task_started'
  readonly taskId: string
  /** With the role in front: `role : name`. */
  readonly task: string
  readonly isHandler: boolean
  /** Full module name as written in the play. */
  readonly module: string
  /** file:line, for -vv. */
  readonly path: string
  readonly check: boolean
}

/** What a task came to on a host. `result` is as Ansible registers it, with no_log already applied. */
export interface HostResult {
  readonly kind: 'host_result'
  readonly taskId: string
  readonly task: string
  readonly module: string
  readonly host: HostLabel
  readonly status: ResultStatus
  /** A failure that ignore_errors or ignore_unreachable lets pass: `...ignoring`. */
  readonly isIgnored: boolean
  /** Only `ok`/`changed`/`skipped`/`failed` of a loop whose items were shown one by one: no line of its own unless failed. */
  readonly hasItems: boolean
  /** The difference that it carries is to be shown (--diff). */
  readonly showsDiff?: true
  readonly result: ValueMap
}

/** What one item of a loop came to. */
export interface ItemResult {
  readonly kind: 'item_result'
  readonly taskId: string
  readonly module: string
  readonly host: HostLabel
  readonly status: ResultStatus
  /** As Ansible prints it: loop_control.label, or the item. */
  readonly label: Value
  /** See HostResult. */
  readonly showsDiff?: true
  readonly result: ValueMap
}

export type ResultStatus = 'ok' | 'changed' | 'skipped' | 'failed' | 'unreachable'

/** The counts of the recap. */
export interface HostStats {
  readonly ok: number
  readonly changed: number
  readonly unreachable: number
  readonly failed: number
  readonly skipped: number
  readonly rescued: number
  readonly ignored: number
}

export interface JobOut {
  readonly jobId: string
  readonly host: string
  readonly task: string
}

/** A job that was asked to end, and how it stands then. */
export interface CancelledJob extends JobOut {
  readonly state: JobStage
}
