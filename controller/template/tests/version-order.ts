import { compareText } from '../python/compare.ts'
import { filterError } from '../python/python-error.ts'
import { comparePep440 } from './pep440.ts'

/** The kinds of version numbers that can be compared. */
export const versionTypes = ['loose', 'strict', 'semver', 'semantic', 'pep440'] as const

/** One of {@link versionTypes}. */
export type VersionType = (typeof versionTypes)[number]

/** Whether a text names a kind of version numbers. */
export function isVersionType(text: string): text is VersionType {
  return versionTypes.some((type) => type === text)
}

/** Orders two version numbers. */
export function compareVersions(left: string, right: string, type: VersionType): number {
  if (type === 'loose') return compareLoose(left, right)
  if (type === 'strict') return compareStrict(left, right)
  if (type === 'pep440') return comparePep440(left, right)
  return compareSemantic(left, right)
}

function failure(message: string): Error {
  return filterError(`Version comparison failed: ${message}`)
}

type Component = string | number

function looseParts(text: string): readonly Component[] {
  return text
    .split(/(\d+|[a-z]+|\.)/u)
    .filter((part) => part !== '' && part !== '.')
    .map((part) => (/^\d+$/u.test(part) ? Number(part) : part))
}

function compareLoose(left: string, right: string): number {
  const [a, b] = [looseParts(left), looseParts(right)]
  for (let place = 0; place < Math.min(a.length, b.length); place += 1) {
    const [one, other] = [a[place] ?? 0, b[place] ?? 0]
    if (one === other) continue
    if (typeof one === 'number' && typeof other === 'number') return one - other
    if (typeof one === 'string' && typeof other === 'string') return compareText(one, other)
    const names = [one, other].map((part) => (typeof part === 'string' ? 'str' : 'int'))
    throw failure(
      `'<' not supported between instances of '${names[0] ?? ''}' and '${names[1] ?? ''}'`,
    )
  }
  return a.length - b.length
}

function compareStrict(left: string, right: string): number {
  const [a, b] = [strictParts(left), strictParts(right)]
  for (let place = 0; place < 3; place += 1) {
    const difference = (a.numbers[place] ?? 0) - (b.numbers[place] ?? 0)
    if (difference !== 0) return difference
  }
  if (a.pre === b.pre) return 0
  if (!a.pre || !b.pre) return a.pre ? -1 : 1
  return compareText(a.pre[0], b.pre[0]) || a.pre[1] - b.pre[1]
}

function strictParts(text: string) {
  const found = /^(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?$/u.exec(text)
  if (!found) throw failure(`invalid version number '${text}'`)
  const [, major = '0', minor = '0', patch = '0', letter, count = '0'] = found
  const pre = letter === undefined ? undefined : ([letter, Number(count)] as const)
  return { numbers: [Number(major), Number(minor), Number(patch)], pre }
}

const SEMANTIC =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*))*))?(?:\+([\da-zA-Z-]+(?:\.[\da-zA-Z-]+)*))?$/u

function compareSemantic(left: string, right: string): number {
  const [a, b] = [semanticParts(left), semanticParts(right)]
  for (let place = 0; place < 3; place += 1) {
    const difference = (a.core[place] ?? 0) - (b.core[place] ?? 0)
    if (difference !== 0) return difference
  }
  if (a.pre.length === 0 || b.pre.length === 0) return b.pre.length - a.pre.length
  for (let place = 0; place < Math.min(a.pre.length, b.pre.length); place += 1) {
    const order = compareIdentifier(a.pre[place] ?? '', b.pre[place] ?? '')
    if (order !== 0) return order
  }
  return a.pre.length - b.pre.length
}

function semanticParts(text: string) {
  const found = SEMANTIC.exec(text)
  if (!found) throw failure(`invalid semantic version '${text}'`)
  const core = found.slice(1, 4).map(Number)
  return { core, pre: found[4]?.split('.') ?? [] }
}

function compareIdentifier(left: string, right: string): number {
  const isNumeric = [left, right].map((part) => /^\d+$/u.test(part))
  if (isNumeric[0] === true && isNumeric[1] === true) return Number(left) - Number(right)
  if (isNumeric[0] === isNumeric[1]) return compareText(left, right)
  return isNumeric[0] === true ? -1 : 1
}
