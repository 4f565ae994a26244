/**
 * ansible.cfg and the ANSIBLE_* variables, as far as they mean something to errand.
 */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseConfigText } from './config-file/config-text.ts'
import { knownSettings, quietKeys, quietSections } from './config-file/settings.ts'
import type { Setting } from './config-file/settings.ts'
import { SettingReader, expandHome } from './config-file/setting-reader.ts'

/** The settings of one run; what was said nowhere has Ansible's default. */
export interface AnsibleConfig {
  /** The ansible.cfg that was read. */
  readonly file: string | undefined
  /** Absolute paths, or lists of hosts with a comma. */
  readonly inventory: readonly string[]
  readonly rolesPath: readonly string[]
  readonly collectionsPath: readonly string[]
  readonly filterPlugins: readonly string[]
  readonly testPlugins: readonly string[]
  readonly lookupPlugins: readonly string[]
  /** Folders with modules, and with what these import. */
  readonly library: readonly string[]
  readonly moduleUtils: readonly string[]
  readonly forks: number
  readonly timeoutSeconds: number
  readonly hostKeyChecking: boolean
  readonly remoteUser: string | undefined
  readonly remotePort: number | undefined
  readonly privateKeyFile: string | undefined
  readonly transport: string
  readonly become: boolean
  readonly becomeMethod: string
  readonly becomeUser: string
  readonly becomeFlags: string | undefined
  readonly becomeAskPass: boolean
  readonly becomePasswordFile: string | undefined
  readonly askPass: boolean
  readonly connectionPasswordFile: string | undefined
  readonly sshCommonArgs: string | undefined
  readonly sshRetries: number
  /** `implicit` gathers unless a play says no, `explicit` only when it says so, `smart` once a host. */
  readonly gathering: 'implicit' | 'explicit' | 'smart'
  /** `jsonfile` or `memory`; others are warned of. */
  readonly factCaching: string
  /** The folder that facts are kept in. */
  readonly factCachingConnection: string | undefined
  /** What the names of its files begin with. */
  readonly factCachingPrefix: string
  /** 0: they are never too old. */
  readonly factCachingTimeoutSeconds: number
  /** What becomes of names of groups that no variable may have. */
  readonly groupNameRule: 'never' | 'always' | 'ignore' | 'silently'
  /** Who may read inventories. */
  readonly inventoryEnabled: readonly string[]
  /** One source that cannot be read is an error. */
  readonly inventoryAnyUnparsedFails: boolean
  /** It is one when no source can be read. */
  readonly inventoryUnparsedFails: boolean
  readonly hashBehaviour: 'replace' | 'merge'
  readonly askVaultPass: boolean
  readonly vaultPasswordFile: string | undefined
  /** `label@source`. */
  readonly vaultIdentities: readonly string[]
  readonly vaultEncryptIdentity: string | undefined
  /** Whether an inventory without hosts is warned of, and one that nothing was read from. */
  readonly localhostWarning: boolean
  readonly inventoryUnparsedWarning: boolean
  readonly deprecationWarnings: boolean
  readonly displaySkippedHosts: boolean
  readonly displayOkHosts: boolean
  readonly displayFailedStderr: boolean
  readonly showCustomStats: boolean
  readonly showTaskPathOnFailure: boolean
  readonly checkModeMarkers: boolean
  readonly forceColor: boolean
  readonly noColor: boolean
  readonly stdoutCallback: string
  /** Callbacks beside that one. */
  readonly callbacksEnabled: readonly string[]
  readonly resultFormat: 'json' | 'yaml'
  /** Undefined: yaml is spread over lines, json is not. */
  readonly prettyResults: boolean | undefined
  /** What `errand exec` runs where no module is named. */
  readonly adhocModule: string
  /** Seconds between two looks at an asynchronous job, where the task does not say. */
  readonly pollSeconds: number
  readonly strategy: string
  readonly anyErrorsFatal: boolean
  readonly forceHandlers: boolean
  readonly taskTimeoutSeconds: number
  readonly jinja2Native: boolean
  readonly ansibleManaged: string
  readonly diffAlways: boolean
  readonly diffContext: number
  readonly runTags: readonly string[]
  readonly skipTags: readonly string[]
  readonly retryFiles: boolean
  readonly retryFilesPath: string | undefined
  readonly verbosity: number
  readonly injectFactsAsVars: boolean
  readonly interpreterPython: string
  /** Sentences for -v: keys that mean nothing here. */
  readonly notes: readonly string[]
  /** What the user must know: a file that is not read. */
  readonly warnings: readonly string[]
}

export interface ConfigSource {
  /** The user's environment: ANSIBLE_*, HOME. */
  readonly environment: Readonly<Record<string, string>>
  readonly cwd: string
}

/**
 * Reads the first ansible.cfg of ANSIBLE_CONFIG, the working folder (unless others may write to it), the home folder and
 * /etc/ansible; then the environment, which wins.
 *
 * @throws {ErrandError} `syntax` for a file that cannot be read, `invalid` for a value that cannot be.
 */
export function loadConfigFile(source: ConfigSource): AnsibleConfig {
  const notes: string[] = []
  const warnings: string[] = []
  const file = findConfigFile(source, warnings)
  const written = file === undefined ? new Map<string, string>() : readEntries(file, notes)
  const reader = new SettingReader({ ...source, file, written })
  return Object.freeze({ file, notes, warnings, ...readSettings(reader) })
}

/** Where settings come from, in the line that Ansible has for it at -v. */
export function sourceLine({ file }: Pick<AnsibleConfig, 'file'>): string {
  return file === undefined
    ? 'No config file found; using defaults'
    : `Using ${file} as config file`
}

function findConfigFile(
  { environment, cwd }: ConfigSource,
  warnings: string[],
): string | undefined {
  const home = environment['HOME'] ?? '/'
  const named = environment['ANSIBLE_CONFIG']
  if (named !== undefined && named !== '') {
    const path = resolve(cwd, expandHome(named, home))
    const inFolder =
      existsSync(path) && statSync(path).isDirectory() ? join(path, 'ansible.cfg') : path
    if (existsSync(inFolder)) return inFolder
  }
  const here = join(cwd, 'ansible.cfg')
  if (existsSync(here)) {
    const isOpen = (statSync(cwd).mode & 0o002) !== 0
    if (!isOpen) return here
    warnings.push(`${here} is not read, because everybody may write to its folder`)
  }
  return [join(home, '.ansible.cfg'), '/etc/ansible/ansible.cfg'].find((path) => existsSync(path))
}

function readEntries(file: string, notes: string[]): Map<string, string> {
  const entries = new Map<string, string>()
  const known = new Set(Object.values<Setting>(knownSettings).flatMap((setting) => setting.keys))
  for (const { section, key, value, line } of parseConfigText(readFileSync(file, 'utf8'), file)) {
    const name = `${section}.${key}`
    entries.set(name, value)
    if (!known.has(name) && !quietKeys.has(name) && !quietSections.has(section)) {
      notes.push(`${file}:${line}: the key "${key}" of [${section}] means nothing to errand`)
    }
  }
  return entries
}

function readSettings(read: SettingReader) {
  return {
    inventory: read.sources('inventory'),
    rolesPath: read.paths('rolesPath'),
    collectionsPath: read.paths('collectionsPath'),
    filterPlugins: read.paths('filterPlugins'),
    testPlugins: read.paths('testPlugins'),
    lookupPlugins: read.paths('lookupPlugins'),
    library: read.paths('library'),
    moduleUtils: read.paths('moduleUtils'),
    forks: read.number('forks'),
    timeoutSeconds: read.number('timeoutSeconds'),
    hostKeyChecking: read.bool('hostKeyChecking'),
    remoteUser: read.text('remoteUser'),
    remotePort: read.optionalNumber('remotePort'),
    privateKeyFile: read.path('privateKeyFile'),
    transport: read.need('transport'),
    ...readBecome(read),
    sshCommonArgs: read.text('sshCommonArgs'),
    sshRetries: read.number('sshRetries'),
    gathering: read.choice('gathering', ['implicit', 'explicit', 'smart']),
    ...readFactCaching(read),
    groupNameRule: read.choice('groupNameRule', ['never', 'always', 'ignore', 'silently']),
    inventoryEnabled: read.list('inventoryEnabled'),
    inventoryAnyUnparsedFails: read.bool('inventoryAnyUnparsedFails'),
    inventoryUnparsedFails: read.bool('inventoryUnparsedFails'),
    hashBehaviour: read.choice('hashBehaviour', ['replace', 'merge']),
    askVaultPass: read.bool('askVaultPass'),
    vaultPasswordFile: read.path('vaultPasswordFile'),
    vaultIdentities: read.list('vaultIdentities'),
    vaultEncryptIdentity: read.text('vaultEncryptIdentity'),
    ...readDisplay(read),
    ...readRun(read),
  }
}

function readFactCaching(read: SettingReader) {
  return {
    factCaching: read.need('factCaching'),
    factCachingConnection: read.path('factCachingConnection'),
    factCachingPrefix: read.need('factCachingPrefix'),
    factCachingTimeoutSeconds: read.number('factCachingTimeoutSeconds'),
  }
}

function readBecome(read: SettingReader) {
  return {
    become: read.bool('become'),
    becomeMethod: read.need('becomeMethod'),
    becomeUser: read.need('becomeUser'),
    becomeFlags: read.text('becomeFlags'),
    becomeAskPass: read.bool('becomeAskPass'),
    becomePasswordFile: read.path('becomePasswordFile'),
    askPass: read.bool('askPass'),
    connectionPasswordFile: read.path('connectionPasswordFile'),
  }
}

function readDisplay(read: SettingReader) {
  return {
    localhostWarning: read.bool('localhostWarning'),
    inventoryUnparsedWarning: read.bool('inventoryUnparsedWarning'),
    deprecationWarnings: read.bool('deprecationWarnings'),
    displaySkippedHosts: read.bool('displaySkippedHosts'),
    displayOkHosts: read.bool('displayOkHosts'),
    displayFailedStderr: read.bool('displayFailedStderr'),
    showCustomStats: read.bool('showCustomStats'),
    showTaskPathOnFailure: read.bool('showTaskPathOnFailure'),
    checkModeMarkers: read.bool('checkModeMarkers'),
    forceColor: read.bool('forceColor'),
    noColor: read.bool('noColor'),
    stdoutCallback: read.need('stdoutCallback'),
    callbacksEnabled: read.list('callbacksEnabled'),
    resultFormat: read.choice('resultFormat', ['json', 'yaml']),
    prettyResults: read.optionalBool('prettyResults'),
    adhocModule: read.need('adhocModule'),
    diffAlways: read.bool('diffAlways'),
    diffContext: read.number('diffContext'),
    verbosity: read.number('verbosity'),
  }
}

function readRun(read: SettingReader) {
  return {
    pollSeconds: read.number('pollSeconds'),
    strategy: read.need('strategy'),
    anyErrorsFatal: read.bool('anyErrorsFatal'),
    forceHandlers: read.bool('forceHandlers'),
    taskTimeoutSeconds: read.number('taskTimeoutSeconds'),
    jinja2Native: read.bool('jinja2Native'),
    ansibleManaged: read.need('ansibleManaged'),
    runTags: read.list('runTags'),
    skipTags: read.list('skipTags'),
    retryFiles: read.bool('retryFiles'),
    retryFilesPath: read.path('retryFilesPath'),
    injectFactsAsVars: read.bool('injectFactsAsVars'),
    interpreterPython: read.need('interpreterPython'),
  }
}
