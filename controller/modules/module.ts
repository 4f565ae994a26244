/**
 * What a task's module asks for: of the agent (a job), or of the controller itself (no job). The table of them is
 * in registry.ts.
 */
import type { JobReport, JobWork } from '../../proto/job.ts'
import type { BecomeTarget, PackedModule } from '../run/ports.ts'
import type { Reading } from './reading.ts'
import { mapOf } from '../../proto/value.ts'
import type { Value, ValueMap } from '../../proto/value.ts'

export type ModuleDefinition = ControllerModule | HostModule

interface Common {
  /** Short name; `ansible.builtin.` and `ansible.legacy.` may stand before it in a playbook. */
  readonly name: string
  /** `any`: takes whatever names it is given (set_fact, add_host). */
  readonly options: OptionTable | 'any'
  /** How Ansible calls it in its sentences, where that is not as the task wrote it. */
  readonly legacyName?: string
  /** Takes words that are no `k=v`. */
  readonly isFreeForm: boolean
  /** What is said of names that are no options, before anything else is, where Ansible's module has words of its own for it. */
  readonly refuses?: (unknown: readonly string[], writtenName: string) => string
}

/** Runs on the controller, with what the run gives it. */
export interface ControllerModule extends Common {
  readonly kind: 'controller'
  /** Runs once for all hosts (pause, add_host). */
  readonly isOncePerPlay?: boolean
  run(call: ControllerCall): Promise<Answer>
}

/** Comes down to one job on the host, or to an answer without one. */
export interface HostModule extends Common {
  readonly kind: 'host'
  /** It moves files between two machines and runs on one of them: see {@link Transfer}. */
  readonly isTransfer?: true
  /** The arguments that its results tell as `invocation`, where it is not the job that they are told of (see Reading). */
  readonly toldArgs?: (given: GivenArguments) => ValueMap
  ask(call: HostCall): Promise<Ask | Answer>
}

/** A task's arguments, rendered and as it names them. */
export interface GivenArguments {
  readonly map: ValueMap
  readonly freeForm: string | undefined
}

/** {@link Common.refuses} of modules that check nothing but the names. */
export function refusesByName(unknown: readonly string[], writtenName: string): string {
  return `Invalid options for ${writtenName}: ${unknown.join(',')}`
}

/** The two machines of a task that moves files, as the one that it runs on has to know them. */
export interface Transfer {
  /** Both ends are the machine that it runs on. */
  readonly isSame: boolean
  /** It runs on the controller's machine. */
  readonly isLocal: boolean
  /** How the controller reaches the host, or the one that the task is handed to. */
  readonly connection: 'ssh' | 'local'
  /** Of the task's host. */
  readonly address: string
  readonly port: number | undefined
  readonly user: string | undefined
  readonly password: string | undefined
  readonly privateKeyFile: string | undefined
  readonly sshCommonArgs: string | undefined
  readonly become: BecomeTarget | undefined
}

/** The options of a module by name, as Ansible's argument specification has them. */
export type OptionTable = Readonly<Record<string, Option>>

export interface Option {
  readonly type: OptionType
  readonly isRequired?: boolean
  readonly default?: Value
  readonly aliases?: readonly string[]
  readonly choices?: readonly string[]
  /** A null is a value, not as good as nothing. */
  readonly takesNull?: boolean
  /** Settled before the module proper: not among the names that a sentence lists. */
  readonly isOurs?: boolean
}

/** `path` is text in which the host expands `~` and variables; `raw` is any value. */
export type OptionType = 'str' | 'path' | 'bool' | 'int' | 'float' | 'list' | 'dict' | 'raw'

/** What every module is given. */
interface Call {
  /** As written in the play, for messages. */
  readonly module: string
  /** Checked and converted; what was not given and has no default is not there. */
  readonly args: ValueMap
  readonly freeForm: string | undefined
  /** The arguments as the task and module_defaults name them, rendered. */
  readonly given: ValueMap
  readonly host: string
  readonly checkMode: boolean
  readonly diffMode: boolean
  readonly verbosity: number
  /** jinja2_native: a text stays one, whatever it looks like. */
  readonly isNative: boolean
  readonly nowMs: number
  /** Folder of the playbook. */
  readonly baseDir: string
  readonly files: TaskFiles
  /** Renders a value in the task's scope. */
  render(value: Value): Value
  /** A bare expression as true or false. */
  test(condition: Value): boolean
  readonly signal: AbortSignal
}

export interface ControllerCall extends Call {
  /** The arguments as written in the play, unrendered. */
  readonly rawArgs: ValueMap
  readonly runOn: RunPort
}

/** What the controller's own modules may change or ask in the run. */
export interface RunPort {
  /** As the task's heading has it, without its role. */
  readonly taskName: string
  addHost(name: string, groups: readonly string[], vars: ValueMap): boolean
  /** Puts the current host into a group. */
  addToGroup(group: string, parents: readonly string[]): boolean
  setStats(
    data: ValueMap,
    options: { readonly isPerHost: boolean; readonly isAdding: boolean },
  ): void
  includeVars(vars: ValueMap): void
  /** What a file of variables holds, whatever it is. */
  readVars(path: string): Value
  /** A variable as the task sees it. */
  known(name: string): Value | undefined
  /**
   * Runs a program on the task's host now, and gives how it ended.
   *
   * @throws When the host cannot be reached.
   */
  command(work: JobWork): Promise<Finished>
  /** Looks for the host anew: it may be another one by now, or was away. */
  reconnect(): void
  asyncStatus(jobId: string): Promise<Answer>
  asyncCleanup(jobId: string): Promise<Answer>
  /** When this attempt of the task began, be it by another controller. */
  beganAtMs(): Promise<number>
  sleep(ms: number): Promise<void>
  nowMs(): number
  notice(level: 'warning' | 'notice', text: string): Promise<void>
  /** The user watches the run at a terminal. */
  readonly canAsk: boolean
  /**
   * Shows a text and waits for the line that the user types; undefined when there is none any more.
   *
   * @param options `untilMs`: waits so long for nothing but a key that ends the wait.
   * @throws {ErrandError} `invalid` when the user wants the task to fail.
   */
  ask(
    text: string,
    options: { readonly isHidden: boolean; readonly untilMs?: number },
  ): Promise<string | undefined>
}

export interface HostCall extends Call {
  /** Runs one of the agent's operations now, and gives its result. */
  operation(name: string, args: ValueMap): Promise<ValueMap>
  /** Runs a program now, and gives how it ended. */
  command(work: JobWork): Promise<Finished>
  /** `isKept`: it will be needed again, and a host that still has it is not sent it. */
  upload(
    content: Uint8Array | { readonly path: string },
    options?: { readonly isKept: boolean },
  ): Promise<string>
  /**
   * A module that errand has not itself, as it is sent to a host.
   *
   * @throws {ErrandError} `not_found`, or why it cannot be packed.
   */
  pack(name: string): Promise<PackedModule>
  /** Of a module that moves files between two machines. */
  transfer(): Transfer
  /** Whether there is such a module. */
  hasInstalled(name: string): boolean
  /** Of the ansible-core that packs modules. */
  readonly ansibleVersion: string
  readonly noLog: boolean
  download(path: string): AsyncIterable<Uint8Array>
  /** A template file's text; `src` as the task names it, `dest` where it goes. */
  renderFile(
    path: string,
    options: { readonly settings: ValueMap; readonly src: string; readonly dest: string },
  ): string
}

/** The controller's files as a task finds them: in its role, beside its file, beside the playbook. */
export interface TaskFiles {
  /**
   * The absolute path of a file or folder that the task names.
   *
   * @param folder Where roles keep such files.
   * @throws {ErrandError} `not_found`, with the places that were searched.
   */
  find(folder: 'files' | 'templates' | 'vars', name: string): string
  /** The folder that include_vars means by `dir`, there or not. */
  varsFolder(name: string): string
}

/** One job, and how its end becomes the module's result. */
export interface Ask {
  readonly kind: 'ask'
  readonly work: JobWork
  readonly cwd?: string
  readonly stdin?: Uint8Array
  readonly reading: Reading
}

/** A result without a job. */
export interface Answer {
  readonly kind: 'answer'
  readonly result: ValueMap
  /** Resolves when asking again may give something new: a retry need not wait for its delay. */
  readonly wake?: (signal: AbortSignal) => Promise<void>
}

/** A job's end with all its output. */
export interface Finished {
  readonly report: JobReport
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
}

/** Wraps a finished result. */
export function answer(result: ValueMap): Answer {
  return { kind: 'answer', result }
}

/** A failed result with its sentence. */
export function failure(msg: string, more: Readonly<Record<string, Value>> = {}): Answer {
  return answer(mapOf({ ...more, failed: true, msg }))
}
