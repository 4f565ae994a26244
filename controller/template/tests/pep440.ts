import { compareText } from '../python/compare.ts'
import { filterError } from '../python/python-error.ts'

const PATTERN =
  /^\s*v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\d+)?)?(?:-(\d+)|[-_.]?(?:post|rev|r)[-_.]?(\d+)?)?(?:[-_.]?(dev)[-_.]?(\d+)?)?(?:\+([a-z\d]+(?:[-_.][a-z\d]+)*))?\s*$/iu
const POST = /(?:-\d+|[-_.]?(?:post|rev|r)[-_.]?\d*)(?=[-_.]?dev|\+|\s*$)/iu
const stages: Readonly<Record<string, number>> = {
  a: 0,
  alpha: 0,
  b: 1,
  beta: 1,
  c: 2,
  rc: 2,
  pre: 2,
  preview: 2,
}

interface Pep440 {
  readonly epoch: number
  readonly release: readonly number[]
  /** Stage and number; with neither pre nor post, a dev release is before all, a final one after all. */
  readonly pre: readonly [number, number]
  readonly post: number
  readonly dev: number
  readonly local: readonly string[]
}

/** Orders two version numbers of Python packages. */
export function comparePep440(left: string, right: string): number {
  const [a, b] = [parse(left), parse(right)]
  return (
    a.epoch - b.epoch ||
    compareNumbers(a.release, b.release) ||
    compareNumbers(a.pre, b.pre) ||
    difference(a.post, b.post) ||
    difference(a.dev, b.dev) ||
    compareLocal(a.local, b.local)
  )
}

function parse(text: string): Pep440 {
  const found = PATTERN.exec(text)
  if (!found) throw filterError(`Version comparison failed: Invalid version: '${text}'`)
  const [
    ,
    epoch = '0',
    release = '',
    stage,
    count = '0',
    dashed,
    posted,
    dev,
    devCount = '0',
    local,
  ] = found
  const hasPost =
    dashed !== undefined || posted !== undefined || POST.test(text.slice(release.length))
  const post = hasPost ? Number(dashed ?? posted ?? 0) : -1
  return {
    epoch: Number(epoch),
    release: release
      .replace(/(?:\.0+)+$/u, '')
      .split('.')
      .map(Number),
    pre: preOf(stage, Number(count), { isBare: !hasPost && dev !== undefined }),
    post,
    dev: dev === undefined ? Number.POSITIVE_INFINITY : Number(devCount),
    local: local?.toLowerCase().split(/[-_.]/u) ?? [],
  }
}

function preOf(
  stage: string | undefined,
  count: number,
  { isBare }: { isBare: boolean },
): readonly [number, number] {
  if (stage !== undefined) return [stages[stage.toLowerCase()] ?? 0, count]
  return [isBare ? -1 : 3, 0]
}

function difference(left: number, right: number): number {
  return left === right ? 0 : left - right
}

function compareNumbers(left: readonly number[], right: readonly number[]): number {
  for (let place = 0; place < Math.max(left.length, right.length); place += 1) {
    const order = (left[place] ?? 0) - (right[place] ?? 0)
    if (order !== 0) return order
  }
  return 0
}

function compareLocal(left: readonly string[], right: readonly string[]): number {
  for (let place = 0; place < Math.min(left.length, right.length); place += 1) {
    const [a, b] = [left[place] ?? '', right[place] ?? '']
    const isNumeric = [a, b].map((part) => /^\d+$/u.test(part))
    if (isNumeric[0] !== isNumeric[1]) return isNumeric[0] === true ? 1 : -1
    const order = isNumeric[0] === true ? Number(a) - Number(b) : compareText(a, b)
    if (order !== 0) return order
  }
  return left.length - right.length
}
