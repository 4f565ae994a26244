import { mapOf } from '../../proto/value.ts'
import { resolve } from 'node:path'
import { ErrandError } from '../../proto/errors.ts'
import { isAddress, splitPort } from './host-range.ts'
import type { Host, Inventory } from './inventory.ts'

/** Names that mean the controller's own machine though no inventory has them. */
const localhostNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1'])

export interface MatchOptions {
  /** Patterns of `--limit`: what they do not mean is left out. */
  readonly limit?: readonly string[]
  /** Told of a pattern that means nothing. */
  readonly onWarning?: (message: string) => void
}

/**
 * The names of the hosts that a pattern means, in order: unions first, then intersections, then exclusions.
 *
 * @throws {ErrandError} `invalid` for a pattern that cannot be read.
 */
export function matchHosts(
  inventory: Inventory,
  pattern: string | readonly string[],
  options: MatchOptions = {},
): readonly string[] {
  const matcher = new Matcher(inventory, options.onWarning ?? (() => undefined))
  const hosts = matcher.evaluate(splitPatterns(pattern))
  if (!options.limit || options.limit.length === 0) return hosts
  const limited = new Set(matcher.evaluate(options.limit))
  return hosts.filter((name) => limited.has(name))
}

/** The patterns of a `--limit`, the lines of each `@file`, as `read` gives it, in its place. */
export function readLimit(
  limit: string,
  { cwd, read }: { readonly cwd: string; readonly read: (path: string) => string },
): readonly string[] {
  return splitPatterns(limit).flatMap((pattern) => {
    if (!pattern.startsWith('@')) return [pattern]
    const path = resolve(cwd, pattern.slice(1))
    return readLimitFile(path, read)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
  })
}

function readLimitFile(path: string, read: (path: string) => string): string {
  try {
    return read(path)
  } catch (cause) {
    if (!(cause instanceof ErrandError) || cause.code !== 'not_found') throw cause
    throw new ErrandError('not_found', `unable to find limit file ${path}`, { cause })
  }
}

/** The entry of a host; for the names of the own machine one is made up when the inventory has none. */
export function hostEntry(inventory: Inventory, name: string): Host | undefined {
  const known = inventory.hosts.get(name)
  if (known || !localhostNames.has(name)) return known
  const own = [...localhostNames].map((one) => inventory.hosts.get(one)).find((host) => host)
  return (
    own ?? {
      name,
      vars: mapOf({ ansible_connection: 'local' }),
      groups: [],
      source: undefined,
      isImplicit: true,
    }
  )
}

/** `a,b[1], c:d` in its single patterns. A colon separates too, but not in addresses and ranges. */
export function splitPatterns(pattern: string | readonly string[]): readonly string[] {
  if (typeof pattern !== 'string') return pattern.flatMap(splitPatterns)
  const parts = pattern.includes(',')
    ? pattern.split(',')
    : isOneAddress(pattern)
      ? [pattern]
      : (pattern.match(/(?:[^\s:[\]]|\[[^\]]*\])+/gu) ?? [])
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

function isOneAddress(text: string): boolean {
  return isAddress(text) || splitPort(text).port !== undefined || /^\[.+\]$/u.test(text)
}

class Matcher {
  readonly #inventory: Inventory
  readonly #warn: (message: string) => void

  constructor(inventory: Inventory, warn: (message: string) => void) {
    this.#inventory = inventory
    this.#warn = warn
  }

  evaluate(patterns: readonly string[]): readonly string[] {
    const starts = (mark: string) => patterns.filter((one) => one.startsWith(mark))
    const plain = patterns.filter((one) => !/^[!&]/u.test(one))
    let hosts = new Set<string>()
    for (const one of plain.length === 0 ? ['all'] : plain) {
      for (const name of this.#one(one)) hosts.add(name)
    }
    for (const one of starts('&')) hosts = hosts.intersection(new Set(this.#one(one.slice(1))))
    for (const one of starts('!')) hosts = hosts.difference(new Set(this.#one(one.slice(1))))
    return [...hosts]
  }

  #one(pattern: string): readonly string[] {
    if (this.#inventory.hosts.has(pattern)) return [pattern]
    const found = pattern.startsWith('~')
      ? null
      : /^(.+)\[(?:(-?[0-9]+)|([0-9]+)([:-])([0-9]*))\]$/u.exec(pattern)
    if (!found) return this.#matches(pattern)
    const [, expression = '', index, start = '', , end = ''] = found
    const hosts = this.#matches(expression)
    if (hosts.length === 0) return hosts
    if (index === undefined)
      return slice(hosts, Number(start), end === '' ? undefined : Number(end))
    const host = hosts.at(Number(index))
    if (host !== undefined) return [host]
    throw new ErrandError('invalid', `No hosts matched the subscripted pattern '${pattern}'`)
  }

  #matches(pattern: string): readonly string[] {
    const { groups, hosts } = this.#inventory
    const isMatch = matcherOf(pattern)
    const matching = [...groups.values()].filter((group) => isMatch(group.name))
    const found = new Set(matching.flatMap((group) => group.hosts))
    if (matching.length === 0 || /^~|[.?*[]/u.test(pattern)) {
      for (const name of hosts.keys()) if (isMatch(name)) found.add(name)
    }
    if (found.size === 0 && localhostNames.has(pattern)) {
      found.add(hostEntry(this.#inventory, pattern)?.name ?? pattern)
    }
    if (found.size === 0 && matching.length === 0 && pattern !== 'all') {
      this.#warn(`Could not match supplied host pattern, ignoring: ${pattern}`)
    }
    return [...found]
  }
}

/** Hosts `start` to `end`, both included. An end of 0 is, as in Ansible, no end: only the first counts. */
function slice(
  hosts: readonly string[],
  start: number,
  end: number | undefined,
): readonly string[] {
  if (end !== 0) return hosts.slice(start, end === undefined ? undefined : end + 1)
  const host = hosts[start]
  return host === undefined ? [] : [host]
}

function matcherOf(pattern: string): (name: string) => boolean {
  try {
    const expression = pattern.startsWith('~')
      ? new RegExp(`^(?:${pattern.slice(1)})`, 'u')
      : globExpression(pattern)
    return (name) => expression.test(name)
  } catch (cause) {
    throw new ErrandError('invalid', `Invalid host list pattern: ${pattern}`, { cause })
  }
}

/** A shell glob as Python's fnmatch reads it: `*`, `?`, `[abc]`, `[!abc]`. */
function globExpression(pattern: string): RegExp {
  const body = pattern.replace(/\[(!?)(\]?[^\]]*)\]|[^]/gu, (part, not?: string, set?: string) => {
    if (set !== undefined) return `[${not === '!' ? '^' : ''}${set.replace(/[\\\]^]/gu, '\\$&')}]`
    if (part === '*') return '.*'
    if (part === '?') return '.'
    return part.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&')
  })
  return new RegExp(`^${body}$`, 'su')
}
