import { dirname, isAbsolute, resolve } from 'node:path'
import { ErrandError } from '../../proto/errors.ts'
import { knownSettings } from './settings.ts'
import type { Setting, SettingName } from './settings.ts'

/** What settings are read from: the environment first, then the file. */
export interface SettingSource {
  readonly environment: Readonly<Record<string, string>>
  readonly cwd: string
  readonly file: string | undefined
  /** `section.key` and its text, of the file. */
  readonly written: ReadonlyMap<string, string>
}

/** Reads single settings, each with its kind checked. */
export class SettingReader {
  readonly #source: SettingSource

  constructor(source: SettingSource) {
    this.#source = source
  }

  /** The text of a setting and where it was said, the environment first. */
  #raw(
    name: SettingName,
  ): { readonly text: string; readonly where: string; readonly base: string } | undefined {
    const { variables, keys, fallback }: Setting = knownSettings[name]
    const { environment, cwd, file, written } = this.#source
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

  text(name: SettingName): string | undefined {
    const text = this.#raw(name)?.text
    return text === undefined || text === '' ? undefined : text
  }

  need(name: SettingName): string {
    return this.text(name) ?? ''
  }

  bool(name: SettingName): boolean {
    const raw = this.#raw(name)
    if (raw === undefined || raw.text === '') return false
    if (/^(?:y|yes|on|1|true|t)$/iu.test(raw.text)) return true
    if (/^(?:n|no|off|0|false|f)$/iu.test(raw.text)) return false
    throw new ErrandError('invalid', `${raw.where} must be yes or no, got "${raw.text}"`)
  }

  /** Undefined where nothing is said, or `null`. */
  optionalBool(name: SettingName): boolean | undefined {
    const raw = this.#raw(name)
    return raw === undefined || /^(?:|null|none|~)$/iu.test(raw.text) ? undefined : this.bool(name)
  }

  optionalNumber(name: SettingName): number | undefined {
    const raw = this.#raw(name)
    if (raw === undefined || raw.text === '') return undefined
    const value = Number(raw.text)
    if (Number.isFinite(value) && value >= 0) return value
    throw new ErrandError('invalid', `${raw.where} must be a number, got "${raw.text}"`)
  }

  number(name: SettingName): number {
    return this.optionalNumber(name) ?? 0
  }

  choice<const T extends string>(name: SettingName, choices: readonly [T, ...T[]]): T {
    const raw = this.#raw(name)
    const found = choices.find((choice) => choice === raw?.text.toLowerCase())
    if (found !== undefined) return found
    if (raw === undefined) return choices[0]
    throw new ErrandError(
      'invalid',
      `${raw.where} must be one of ${choices.join(', ')}, got "${raw.text}"`,
    )
  }

  list(name: SettingName): readonly string[] {
    return splitList(this.text(name) ?? '', ',')
  }

  path(name: SettingName): string | undefined {
    const raw = this.#raw(name)
    if (raw === undefined || raw.text === '') return undefined
    return this.#absolute(raw.text, raw.base)
  }

  paths(name: SettingName): readonly string[] {
    const raw = this.#raw(name)
    return raw ? splitList(raw.text, ':').map((part) => this.#absolute(part, raw.base)) : []
  }

  /** Paths with commas between; what ends in a comma is one list of hosts. */
  sources(name: SettingName): readonly string[] {
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

/** `~` as the home folder. */
export function expandHome(path: string, home: string): string {
  return path.replace(/^~(?=\/|$)/u, home)
}
