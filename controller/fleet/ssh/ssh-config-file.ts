import { globSync, readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import sshConfig, { type Directive, type Line } from 'ssh-config'
import { ErrandError, sentenceOf } from '../../../proto/errors.ts'
import { matchesPatternList } from './known-hosts.ts'

/** Options of ssh by their name in lower case. The first value of a name wins; identity files add up. */
export type SshOptions = Map<string, readonly string[]>

export interface SshConfigQuery {
  /** The name that the user said. */
  readonly host: string
  readonly localUser: string
  /** The user's home directory. */
  readonly home: string
  /** Told of what is in the files and does not work here. */
  readonly onUnsupported: (what: string) => void
}

/**
 * Adds to `options` what an ssh_config file says of a host, its Includes read on the way.
 *
 * @throws {ErrandError} `invalid` when the file can be found and not be read. One that is not there says nothing.
 */
export function applySshConfig(options: SshOptions, file: string, query: SshConfigQuery): void {
  new Reading(options, query).file(file, 0)
}

/** OpenSSH's limit. */
const maxIncludeDepth = 16
const repeatable = new Set(['identityfile', 'certificatefile'])

class Reading {
  readonly #options: SshOptions
  readonly #query: SshConfigQuery

  constructor(options: SshOptions, query: SshConfigQuery) {
    this.#options = options
    this.#query = query
  }

  file(path: string, depth: number): void {
    if (depth > maxIncludeDepth) throw new ErrandError('invalid', `${path}: Include goes too deep`)
    this.#lines(parseFile(path), path, depth)
  }

  #lines(lines: Iterable<Line>, path: string, depth: number): void {
    for (const line of lines) {
      if (!('param' in line)) continue
      const name = line.param.toLowerCase()
      const words = wordsOf(line)
      if (name === 'include') this.#include(words, path, depth)
      else if ('config' in line) {
        if (this.#isChosen(name, words, path)) this.#lines(line.config, path, depth)
      } else this.#set(name, words)
    }
  }

  #set(name: string, words: readonly string[]): void {
    const value = name === 'proxycommand' ? [words.join(' ')] : words
    const present = this.#options.get(name)
    if (!present) this.#options.set(name, value)
    else if (repeatable.has(name)) this.#options.set(name, [...present, ...value])
  }

  #include(patterns: readonly string[], path: string, depth: number): void {
    const { home } = this.#query
    const folder = path.startsWith('/etc/') ? '/etc/ssh' : join(home, '.ssh')
    for (const pattern of patterns) {
      const expanded = expandHome(pattern, home)
      const found = globSync(isAbsolute(expanded) ? expanded : join(folder, expanded))
      for (const included of found.toSorted()) this.file(included, depth + 1)
    }
  }

  #isChosen(name: string, words: readonly string[], path: string): boolean {
    if (name === 'host') return matchesPatternList(words, this.#query.host)
    for (let at = 0; at < words.length; at += 1) {
      const criterion = (words[at] ?? '').toLowerCase()
      if (criterion === 'all') continue
      const isMatched = this.#matches(criterion, words[(at += 1)] ?? '')
      if (isMatched === undefined) this.#query.onUnsupported(`${path}: Match ${criterion}`)
      if (isMatched !== true) return false
    }
    return true
  }

  /** @returns undefined for a criterion that cannot be judged here: exec, canonical, final … */
  #matches(criterion: string, value: string): boolean | undefined {
    const isNegated = criterion.startsWith('!')
    const text = this.#textOf(isNegated ? criterion.slice(1) : criterion)
    return text === undefined ? undefined : matchesPatternList(value.split(','), text) !== isNegated
  }

  #textOf(criterion: string): string | undefined {
    const { host, localUser } = this.#query
    switch (criterion) {
      case 'originalhost':
        return host
      case 'host':
        return this.#options.get('hostname')?.[0]?.replaceAll('%h', host) ?? host
      case 'user':
        return this.#options.get('user')?.[0] ?? localUser
      case 'localuser':
        return localUser
      default:
        return undefined
    }
  }
}

function parseFile(path: string): Iterable<Line> {
  try {
    return sshConfig.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw new ErrandError('invalid', `${path} cannot be read: ${sentenceOf(error)}`, {
      cause: error,
    })
  }
}

function wordsOf({ value }: Directive): readonly string[] {
  return typeof value === 'string' ? [value] : value.map(({ val }) => val)
}

/** `~` and `~/…` are the user's home. */
export function expandHome(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path
}
