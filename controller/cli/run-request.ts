import type {
  AdhocRequest,
  ConnectionFlags,
  Listing,
  RunRequest,
  VaultPassword,
} from '../../proto/run.ts'
import type { ClientSettings } from '../../proto/settings.ts'
import type { CliConfig } from './config.ts'
import type { ConnectionFlagValues, RunFlags } from './flags/run-flags.ts'

/** What `errand run` has beside the flags it shares with `errand exec`. */
export interface PlaybookFlags extends RunFlags {
  readonly tags: readonly string[]
  readonly skipTags: readonly string[]
  readonly startAtTask?: string
  readonly forceHandlers?: true
  readonly flushCache?: true
  readonly step?: true
  readonly listHosts?: true
  readonly listTasks?: true
  readonly listTags?: true
  readonly syntaxCheck?: true
  /** Milliseconds. */
  readonly waitForHosts?: number
}

/** What was asked for and read on the way. */
export interface Secrets {
  readonly connection: { readonly sshPassword?: string; readonly becomePassword?: string }
  readonly vault: readonly VaultPassword[]
}

/** What a request is made from beside its flags. */
export interface Surroundings {
  readonly config: CliConfig
  /** Of ansible.cfg. */
  readonly settings: ClientSettings
  readonly secrets: Secrets
  readonly argv: readonly string[]
}

/** What is asked of the controller for `errand run`. */
export function playbookRequest(
  playbooks: readonly string[],
  flags: PlaybookFlags,
  surroundings: Surroundings,
): RunRequest {
  const { settings } = surroundings
  const listings = listingsOf(flags)
  return {
    ...commonRequest(flags, surroundings),
    kind: 'playbook',
    playbooks,
    ...(listings.length === 0 ? {} : { listings }),
    tags: tagsOr(flags.tags, settings.runTags),
    skipTags: tagsOr(flags.skipTags, settings.skipTags),
    ...(flags.startAtTask === undefined ? {} : { startAtTask: flags.startAtTask }),
    ...(flags.step ? { step: true } : {}),
    forceHandlers: flags.forceHandlers ?? settings.forceHandlers,
    flushCache: flags.flushCache ?? false,
    ...(flags.waitForHosts === undefined ? {} : { waitForHostsMs: flags.waitForHosts }),
  }
}

/** What is asked of the controller for `errand exec`. */
export function adhocRequest(
  adhoc: AdhocRequest,
  flags: RunFlags & { readonly listHosts?: true },
  surroundings: Surroundings,
): RunRequest {
  return {
    ...commonRequest(flags, surroundings),
    kind: 'adhoc',
    playbooks: [],
    adhoc,
    ...(flags.listHosts ? { listings: ['hosts'] } : {}),
    tags: [],
    skipTags: [],
    forceHandlers: false,
    flushCache: false,
  }
}

function commonRequest(flags: RunFlags, { config, settings, secrets, argv }: Surroundings) {
  const { environment } = config
  const limit = flags.limit.length > 0 ? flags.limit.join(',') : undefined
  return {
    title: titleOf(argv),
    cwd: config.cwd,
    inventories: flags.inventory,
    ...(limit === undefined ? {} : { limit }),
    ...(flags.modulePath.length === 0 ? {} : { modulePath: flags.modulePath }),
    extraVars: flags.extraVars,
    check: flags.check ?? false,
    diff: flags.diff ?? settings.diff,
    ...(config.canAsk && !flags.detach ? { canAsk: true as const } : {}),
    forks: flags.forks ?? settings.forks,
    verbosity: settings.verbosity + flags.verbose,
    connection: connectionFlags(flags, { secrets, settings }),
    noInstall: !flags.install,
    display: settings.display,
    vaultPasswords: secrets.vault,
    environment,
  }
}

/** How to reach hosts, as the controller takes it. */
export function connectionFlags(
  flags: ConnectionFlagValues,
  { secrets, settings }: Pick<Surroundings, 'secrets' | 'settings'>,
): ConnectionFlags {
  const sshArgs = [flags.sshCommonArgs, flags.sshExtraArgs]
    .filter((args) => args !== undefined)
    .join(' ')
  return {
    become: flags.become ?? false,
    acceptNewHostKeys: flags.acceptNewHostKeys ?? !settings.hostKeyChecking,
    ...(flags.user === undefined ? {} : { user: flags.user }),
    ...(flags.connection === undefined ? {} : { connection: flags.connection }),
    ...(flags.timeout === undefined ? {} : { timeoutSeconds: flags.timeout }),
    ...(flags.privateKey === undefined ? {} : { privateKeyFile: flags.privateKey }),
    ...(sshArgs === '' ? {} : { sshCommonArgs: sshArgs }),
    ...(flags.becomeMethod === undefined ? {} : { becomeMethod: flags.becomeMethod }),
    ...(flags.becomeUser === undefined ? {} : { becomeUser: flags.becomeUser }),
    ...(flags.nodeRuntime === undefined ? {} : { nodeRuntimeFile: flags.nodeRuntime }),
    ...secrets.connection,
  }
}

/** The command line for `errand runs`: values of -e may be secret, unless they name a file. */
export function titleOf(argv: readonly string[]): string {
  return argv
    .map((word, index) => {
      if (isExtraVars(argv[index - 1] ?? '')) return word.startsWith('@') ? word : '…'
      return word.replace(/^(-e|--extra-vars=)(?!@).+$/su, '$1…')
    })
    .map((word) => (/[\s'"\\$]/u.test(word) ? `'${word.replaceAll("'", String.raw`'\''`)}'` : word))
    .join(' ')
}

function isExtraVars(word: string): boolean {
  return word === '-e' || word === '--extra-vars'
}

function listingsOf(flags: PlaybookFlags): readonly Listing[] {
  const { syntaxCheck, listHosts, listTasks, listTags } = flags
  return [
    ...(syntaxCheck ? ['syntax' as const] : []),
    ...(listHosts ? ['hosts' as const] : []),
    ...(listTasks ? ['tasks' as const] : []),
    ...(listTags ? ['tags' as const] : []),
  ]
}

function tagsOr(values: readonly string[], fallback: readonly string[]): readonly string[] {
  return values.length > 0 ? splitTags(values) : fallback
}

function splitTags(values: readonly string[]): readonly string[] {
  return values
    .flatMap((value) => value.split(','))
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')
}
