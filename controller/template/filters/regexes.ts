import { define, defineRest } from '../define.ts'
import { checkText } from '../limits.ts'
import { isTrue } from '../python/compare.ts'
import { type Datum, tuple } from '../python/datum.ts'
import { PythonError, filterError, valueError } from '../python/python-error.ts'
import { type PythonRegex, compileRegex } from '../python/regex.ts'
import { stringRepr, toText } from '../python/text.ts'
import type { Table } from '../registry.ts'

/** Filters that look for a pattern of Python's `re`. */
export const regexFilters: Table<Datum> = {
  regex_replace: define('pattern replacement ignorecase multiline', (value, args) => {
    const [pattern = '', replacement = '', ignoreCase = false, multiline = false] = args
    const flags = { ignoreCase: isTrue(ignoreCase), multiline: isTrue(multiline) }
    return substitute(toText(value), compileRegex(toText(pattern), flags), toText(replacement))
  }),
  regex_findall: define('regex multiline ignorecase', (value, args) => {
    const [pattern = '', multiline = false, ignoreCase = false] = args
    const flags = { ignoreCase: isTrue(ignoreCase), multiline: isTrue(multiline) }
    return findAll(toText(value), compileRegex(toText(pattern), flags))
  }),
  regex_search: defineRest((value, { positional: [pattern = '', ...groups], named }) => {
    const wanted = groups.map(groupOf)
    const flags = {
      ignoreCase: isTrue(named.get('ignorecase') ?? false),
      multiline: isTrue(named.get('multiline') ?? false),
    }
    const regex = compileRegex(toText(pattern), flags)
    const found = regex.pattern.exec(toText(value))
    if (!found) return null
    if (wanted.length === 0) return found[0]
    return wanted.map((group) => found[groupNumber(regex, group)] ?? null)
  }),
  regex_escape: define('re_type', (value, [kind = 'python']) =>
    escapeFor(toText(value), toText(kind)),
  ),
}

function groupOf(argument: Datum): string {
  const text = toText(argument)
  const named = /^\\g<(\S+)>/u.exec(text)?.[1] ?? /^\\(\d+)/u.exec(text)?.[1]
  if (named === undefined) throw filterError('Unknown argument')
  return named
}

function groupNumber(regex: PythonRegex, group: string): number {
  const number = /^\d+$/u.test(group) ? Number(group) : regex.groupNames.get(group)
  if (number === undefined || number > regex.groupCount)
    throw new PythonError('IndexError', 'no such group')
  return number
}

/** Python's `findall`: the whole match, its one group, or a tuple of its groups. */
function findAll(text: string, regex: PythonRegex): Datum[] {
  return Array.from(text.matchAll(regex.pattern), (found) => {
    if (regex.groupCount === 0) return found[0]
    const groups = Array.from(
      { length: regex.groupCount },
      (_none, index) => found[index + 1] ?? '',
    )
    return regex.groupCount === 1 ? (groups[0] ?? '') : tuple(groups)
  })
}

type Part = string | number

function substitute(text: string, regex: PythonRegex, replacement: string): string {
  const parts = replacementParts(replacement, regex)
  let size = 0
  let result = ''
  let done = 0
  for (const found of text.matchAll(regex.pattern)) {
    const made = parts
      .map((part) => (typeof part === 'string' ? part : (found[part] ?? '')))
      .join('')
    result += text.slice(done, found.index) + made
    done = found.index + found[0].length
    size += made.length
    checkText(size)
  }
  return result + text.slice(done)
}

/** The parts of a replacement: texts, and groups by number. */
function replacementParts(replacement: string, regex: PythonRegex): readonly Part[] {
  const parts: Part[] = []
  const pattern = /\\(?:g<([^>]*)>|(0[0-7]{0,2}|[1-3][0-7]{2})|([1-9]\d?)|([\s\S]))|[^\\]+|\\$/gu
  for (const [whole, name, octal, group, letter] of replacement.matchAll(pattern)) {
    if (name !== undefined) parts.push(namedGroup(name, regex))
    else if (octal !== undefined) parts.push(String.fromCodePoint(Number.parseInt(octal, 8)))
    else if (group !== undefined) parts.push(checkedGroup(Number(group), regex))
    else if (letter !== undefined) parts.push(escaped(letter))
    else if (whole === '\\') throw valueError('bad escape (end of pattern)')
    else parts.push(whole)
  }
  return parts
}

function namedGroup(name: string, regex: PythonRegex): number {
  if (/^\d+$/u.test(name)) return checkedGroup(Number(name), regex)
  const number = regex.groupNames.get(name)
  if (number === undefined)
    throw new PythonError('IndexError', `unknown group name ${stringRepr(name)}`)
  return number
}

function checkedGroup(number: number, regex: PythonRegex): number {
  if (number > regex.groupCount) throw valueError(`invalid group reference ${number}`)
  return number
}

function escaped(letter: string): string {
  const known: Readonly<Record<string, string>> = {
    n: '\n',
    r: '\r',
    t: '\t',
    f: '\f',
    v: '\v',
    a: '\u0007',
    b: '\b',
    '\\': '\\',
  }
  const text = Object.hasOwn(known, letter) ? known[letter] : undefined
  if (text !== undefined) return text
  if (/[A-Za-z]/u.test(letter)) throw valueError(`bad escape \\${letter}`)
  return `\\${letter}`
}

function escapeFor(text: string, kind: string): string {
  if (kind === 'python') return text.replace(/[()[\]{}?*+|^$\\.&~# \t\n\r\v\f-]/gu, '\\$&')
  if (kind === 'posix_basic') return text.replace(/[\][.^$*\\]/gu, '\\$&')
  if (kind === 'posix_extended') throw filterError(`Regex type (${kind}) not yet implemented`)
  throw filterError(`Invalid regex type (${kind})`)
}
