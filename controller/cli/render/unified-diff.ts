export interface DiffNames {
  readonly from: string
  readonly to: string
}

/** Lines around a change that are shown with it. */
const contextLines = 3

/** What became of a stretch of lines: `[from1, from2)` of the old ones and `[to1, to2)` of the new. */
interface Change {
  readonly isEqual: boolean
  readonly from1: number
  readonly from2: number
  readonly to1: number
  readonly to2: number
}

/** The difference of two texts in the unified format, a line an entry, line ends included; empty when they are equal. */
export function unifiedDiff(
  from: readonly string[],
  to: readonly string[],
  names: DiffNames,
): readonly string[] {
  const hunks = hunksOf(changesOf(from, to))
  if (hunks.length === 0) return []
  return [
    `--- ${names.from}\n`,
    `+++ ${names.to}\n`,
    ...hunks.flatMap((hunk) => hunkLines(hunk, from, to)),
  ]
}

function hunkLines(
  hunk: readonly Change[],
  from: readonly string[],
  to: readonly string[],
): readonly string[] {
  const [first, last] = [hunk[0], hunk.at(-1)]
  if (!first || !last) return []
  const header = `@@ -${range(first.from1, last.from2)} +${range(first.to1, last.to2)} @@\n`
  const lines = hunk.flatMap((change) => {
    const old = from.slice(change.from1, change.from2)
    if (change.isEqual) return old.map((line) => ` ${line}`)
    return [
      ...old.map((line) => `-${line}`),
      ...to.slice(change.to1, change.to2).map((line) => `+${line}`),
    ]
  })
  return [header, ...lines]
}

function range(start: number, end: number): string {
  const length = end - start
  if (length === 1) return String(start + 1)
  return `${length === 0 ? start : start + 1},${length}`
}

/** Groups changes with the equal lines around them; what lies further apart is another hunk. */
function hunksOf(changes: readonly Change[]): readonly (readonly Change[])[] {
  if (!changes.some(({ isEqual }) => !isEqual)) return []
  const hunks: Change[][] = [[]]
  changes.forEach((change, index) => {
    const hunk = hunks.at(-1) ?? []
    const isFirst = index === 0
    const isLast = index === changes.length - 1
    if (!change.isEqual) return void hunk.push(change)
    const length = change.from2 - change.from1
    if (isFirst) return void hunk.push(tail(change))
    if (isLast) return void hunk.push(head(change))
    if (length <= 2 * contextLines) return void hunk.push(change)
    hunk.push(head(change))
    hunks.push([tail(change)])
  })
  return hunks
}

function head(change: Change): Change {
  const length = Math.min(contextLines, change.from2 - change.from1)
  return { ...change, from2: change.from1 + length, to2: change.to1 + length }
}

function tail(change: Change): Change {
  const length = Math.min(contextLines, change.from2 - change.from1)
  return { ...change, from1: change.from2 - length, to1: change.to2 - length }
}

function changesOf(from: readonly string[], to: readonly string[]): readonly Change[] {
  const matches = matchesOf(from, to, { from1: 0, from2: from.length, to1: 0, to2: to.length })
  const changes: Change[] = []
  let [at, toAt] = [0, 0]
  for (const match of joined(matches)) {
    if (match.from1 > at || match.to1 > toAt) {
      changes.push({ isEqual: false, from1: at, from2: match.from1, to1: toAt, to2: match.to1 })
    }
    changes.push({ ...match, isEqual: true })
    ;[at, toAt] = [match.from2, match.to2]
  }
  if (at < from.length || toAt < to.length) {
    changes.push({ isEqual: false, from1: at, from2: from.length, to1: toAt, to2: to.length })
  }
  return changes
}

type Stretch = Omit<Change, 'isEqual'>

/** The longest equal stretch, and the same again on both sides of it: the way that Ansible's Python compares. */
function matchesOf(
  from: readonly string[],
  to: readonly string[],
  within: Stretch,
): readonly Stretch[] {
  const match = longestMatch(from, to, within)
  if (!match) return []
  return [
    ...matchesOf(from, to, { ...within, from2: match.from1, to2: match.to1 }),
    match,
    ...matchesOf(from, to, { ...within, from1: match.from2, to1: match.to2 }),
  ]
}

function longestMatch(
  from: readonly string[],
  to: readonly string[],
  within: Stretch,
): Stretch | undefined {
  const places = placesOf(to, within)
  let best: Stretch | undefined
  let lengths = new Map<number, number>()
  for (let i = within.from1; i < within.from2; i++) {
    const next = new Map<number, number>()
    for (const j of places.get(from[i] ?? '') ?? []) {
      const length = (lengths.get(j - 1) ?? 0) + 1
      next.set(j, length)
      if (!best || length > best.from2 - best.from1) {
        best = { from1: i - length + 1, from2: i + 1, to1: j - length + 1, to2: j + 1 }
      }
    }
    lengths = next
  }
  return best
}

function placesOf(
  lines: readonly string[],
  { to1, to2 }: Stretch,
): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>()
  for (let j = to1; j < to2; j++) {
    const line = lines[j] ?? ''
    const known = places.get(line)
    if (known) known.push(j)
    else places.set(line, [j])
  }
  return places
}

function joined(matches: readonly Stretch[]): readonly Stretch[] {
  const whole: Stretch[] = []
  for (const match of matches) {
    const last = whole.at(-1)
    if (last && last.from2 === match.from1 && last.to2 === match.to1) {
      whole.splice(-1, 1, { ...last, from2: match.from2, to2: match.to2 })
    } else {
      whole.push(match)
    }
  }
  return whole
}
