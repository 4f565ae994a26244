/**
 * ansible.cfg and the ANSIBLE_* variables, as far as they mean something to errand.
 */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { ErrandError } from '../proto/errors.ts'
import { parseConfigText } from './config-file/config-text.ts'
import { knownSettings, quietSections } from './config-file/settings.ts'
import type { Setting, SettingName } from './config-file/settings.ts'

/** The settings of one run; what was said nowhere has Ansible's default. */
export interface AnsibleConfig {
  /** The ansible.cfg that was read. */
  readonly file: string | undefined
  /** Absolute paths, or lists of hosts with a comma. */
  readonly inventory: readonly string[]
  readonly rolesPath: readonly string[]
  readonly collectionsPath: readonly string[]
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
  readonly sshCommonArgs: string | undefined
  readonly sshRetries: number
  /** `implicit` gathers unless a play says no, `explicit` only when it says so, `smart` once a host. */
  readonly gathering: 'implicit' | 'explicit' | 'smart'
  readonly hashBehaviour: 'replace' | 'merge'
  readonly vaultPasswordFile: string | undefined
  /** `label@source`. */
  readonly vaultIdentities: readonly string[]
  readonly displaySkippedHosts: boolean
  readonly displayOkHosts: boolean
  readonly displayFailedStderr: boolean
  readonly showCustomStats: boolean
  readonly showTaskPathOnFailure: boolean
  readonly checkModeMarkers: boolean
  readonly forceColor: boolean
  readonly noColor: boolean
  readonly stdoutCallback: string
  /** `json` or `yaml`. */
  readonly resultFormat: string
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
  const file = findConfigFile(source, notes)
  const written = file === undefined ? new Map<string, string>() : readEntries(file, notes)
  return Object.freeze(new ConfigReader(source, { file, written, notes }).read())
}

function findConfigFile({ environment, cwd }: ConfigSource, notes: string[]): string | undefined {
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
    notes.push(`${here} is not read, because everybody may write to its folder`)
  }
  return [join(home, '.ansible.cfg'), '/etc/ansible/ansible.cfg'].find((path) => existsSync(path))
}

function readEntries(file: string, notes: string[]): Map<string, string> {
  const entries = new Map<string, string>()
  const known = new Set(Object.values<Setting>(knownSettings).flatMap((setting) => setting.keys))
  for (const { section, key, value, line } of parseConfigText(readFileSync(file, 'utf8'), file)) {
    const name = `${section}.${key}`
    entries.set(name, value)
    if (!known.has(name) && !quietSections.has(section)) {
      notes.push(`${file}:${line}: the key "${key}" of [${section}] means nothing to errand`)
    }
  }
  return entries
}

interface ReadFile {
  readonly file: string | undefined
  readonly written: ReadonlyMap<string, string>
  readonly notes: readonly string[]
}

class ConfigReader {
  readonly #source: ConfigSource
  readonly #read: ReadFile

  constructor(source: ConfigSource, read: ReadFile) {
    this.#source = source
    this.#read = read
  }

  read(): AnsibleConfig {
    const { file, notes } = this.#read
    return {
      file,
      notes,
      inventory: this.#sources('inventory'),
      rolesPath: this.#paths('rolesPath'),
      collectionsPath: this.#paths('collectionsPath'),
      forks: this.#number('forks'),
      timeoutSeconds: this.#number('timeoutSeconds'),
      hostKeyChecking: this.#bool('hostKeyChecking'),
      remoteUser: this.#text('remoteUser'),
      remotePort: this.#optionalNumber('remotePort'),
      privateKeyFile: this.#path('privateKeyFile'),
      transport: this.#need('transport'),
      ...this.#becomeSettings(),
      sshCommonArgs: this.#text('sshCommonArgs'),
      sshRetries: this.#number('sshRetries'),
      gathering: this.#choice('gathering', ['implicit', 'explicit', 'smart']),
      hashBehaviour: this.#choice('hashBehaviour', ['replace', 'merge']),
      vaultPasswordFile: this.#path('vaultPasswordFile'),
      vaultIdentities: this.#list('vaultIdentities'),
      ...this.#displaySettings(),
      ...this.#runSettings(),
    }
  }

  #becomeSettings() {
    return {
      become: this.#bool('become'),
      becomeMethod: this.#need('becomeMethod'),
      becomeUser: this.#need('becomeUser'),
      becomeFlags: this.#text('becomeFlags'),
      becomeAskPass: this.#bool('becomeAskPass'),
      becomePasswordFile: this.#path('becomePasswordFile'),
    }
  }

  #displaySettings() {
    return {
      displaySkippedHosts: this.#bool('displaySkippedHosts'),
      displayOkHosts: this.#bool('displayOkHosts'),
      displayFailedStderr: this.#bool('displayFailedStderr'),
      showCustomStats: this.#bool('showCustomStats'),
      showTaskPathOnFailure: this.#bool('showTaskPathOnFailure'),
      checkModeMarkers: this.#bool('checkModeMarkers'),
      forceColor: this.#bool('forceColor'),
      noColor: this.#bool('noColor'),
      stdoutCallback: this.#need('stdoutCallback'),
      resultFormat: this.#need('resultFormat'),
      diffAlways: this.#bool('diffAlways'),
      diffContext: this.#number('diffContext'),
      verbosity: this.#number('verbosity'),
    }
  }

  #runSettings() {
    return {
      pollSeconds: this.#number('pollSeconds'),
      strategy: this.#need('strategy'),
      anyErrorsFatal: this.#bool('anyErrorsFatal'),
      forceHandlers: this.#bool('forceHandlers'),
      taskTimeoutSeconds: this.#number('taskTimeoutSeconds'),
      jinja2Native: this.#bool('jinja2Native'),
      ansibleManaged: this.#need('ansibleManaged'),
      runTags: this.#list('runTags'),
      skipTags: this.#list('skipTags'),
      retryFiles: this.#bool('retryFiles'),
      retryFilesPath: this.#path('retryFilesPath'),
      injectFactsAsVars: this.#bool('injectFactsAsVars'),
      interpreterPython: this.#need('interpreterPython'),
    }
  }

  /** The text of a setting and where it was said, the environment first. */
  #raw(
    name: SettingName,
  ): { readonly text: string; readonly where: string; readonly base: string } | undefined {
    const { variables, keys, fallback }: Setting = knownSettings[name]
    const { environment, cwd } = this.#source
    const { file, written } = this.#read
    for (const variable of variables) {
      const text = environment[variable]
      if (text !== undefined) return { text, where: variable, base: cwd }
    }
    for (const key of keys) {
      const text = written.get(key)
      if (text !== undefined && file !== undefined) {
        return { text, where: `${file}: ${key}`, base: dirname(file) }
      }
    }
    return fallback === undefined ? undefined : { text: fallback, where: 'the default', base: cwd }
  }

  #text(name: SettingName): string | undefined {
    const text = this.#raw(name)?.text
    return text === undefined || text === '' ? undefined : text
  }

  #need(name: SettingName): string {
    return this.#text(name) ?? ''
  }

  #bool(name: SettingName): boolean {
    const raw = this.#raw(name)
    if (raw === undefined || raw.text === '') return false
    if (/^(?:y|yes|on|1|true|t)$/iu.test(raw.text)) return true
    if (/^(?:n|no|off|0|false|f)$/iu.test(raw.text)) return false
    throw new ErrandError('invalid', `${raw.where} must be yes or no, got "${raw.text}"`)
  }

  #optionalNumber(name: SettingName): number | undefined {
    const raw = this.#raw(name)
    if (raw === undefined || raw.text === '') return undefined
    const value = Number(raw.text)
    if (Number.isFinite(value) && value >= 0) return value
    throw new ErrandError('invalid', `${raw.where} must be a number, got "${raw.text}"`)
  }

  #number(name: SettingName): number {
    return this.#optionalNumber(name) ?? 0
  }

  #choice<const T extends string>(name: SettingName, choices: readonly [T, ...T[]]): T {
    const raw = this.#raw(name)
    const found = choices.find((choice) => choice === raw?.text.toLowerCase())
    if (found !== undefined) return found
    if (raw === undefined) return choices[0]
    throw new ErrandError(
      'invalid',
      `${raw.where} must be one of ${choices.join(', ')}, got "${raw.text}"`,
    )
  }

  #list(name: SettingName): readonly string[] {
    return splitList(this.#text(name) ?? '', ',')
  }

  #path(name: SettingName): string | undefined {
    const raw = this.#raw(name)
    if (raw === undefined || raw.text === '') return undefined
    return this.#absolute(raw.text, raw.base)
  }

  #paths(name: SettingName): readonly string[] {
    const raw = this.#raw(name)
    return raw ? splitList(raw.text, ':').map((part) => this.#absolute(part, raw.base)) : []
  }

  /** Paths with commas between; what ends in a comma is one list of hosts. */
  #sources(name: SettingName): readonly string[] {
    const raw = this.#raw(name)
    if (!raw) return []
    const parts = splitList(raw.text, ',')
    const isHosts = raw.text.trim().endsWith(',')
    return isHosts ? [raw.text.trim()] : parts.map((part) => this.#absolute(part, raw.base))
  }

  #absolute(path: string, base: string): string {
    const { environment, cwd } = this.#source
    const expanded = expandHome(path, environment['HOME'] ?? '/')
      .replaceAll('{{CWD}}', cwd)
      .replace(
        /\$(?:\{(\w+)\}|(\w+))/gu,
        (all, long?: string, short?: string) => environment[long ?? short ?? ''] ?? all,
      )
    return isAbsolute(expanded) ? expanded : resolve(base, expanded)
  }
}

function splitList(text: string, separator: string): readonly string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function expandHome(path: string, home: string): string {
  return path.replace(/^~(?=\/|$)/u, home)
}
