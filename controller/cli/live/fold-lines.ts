/** A line that a host printed. */
export interface HostLine {
  readonly host: string
  /** Lines of another kind are never one with it: its stream, its task. */
  readonly kind: string
  readonly text: string
}

/** A line, and all the hosts that printed it. */
export interface FoldedLine extends Omit<HostLine, 'host'> {
  readonly hosts: readonly string[]
}

/** What a host has still to say. */
interface Pending {
  readonly host: string
  readonly lines: readonly HostLine[]
  next: number
  /** How often each line is still to come. */
  readonly left: Map<string, number>
}

/**
 * Makes one line of those that several hosts printed alike. The lines of each host keep their order. A line waits for
 * other hosts to come to it, so that hosts that print the same, one of them a line more, are still folded.
 */
export function foldLines(lines: readonly HostLine[]): readonly FoldedLine[] {
  const pending = Array.from(
    Map.groupBy(lines, ({ host }) => host),
    ([host, its]) => ({ host, lines: its, next: 0, left: countsOf(its.map(keyOf)) }),
  )
  const hostsWith = countsOf(pending.flatMap(({ left }) => [...left.keys()]))
  const folded: FoldedLine[] = []
  for (let heads = headsOf(pending); heads.size > 0; heads = headsOf(pending)) {
    const [key, group] = bestOf(heads, hostsWith)
    const [first] = group
    const line = first?.lines[first.next]
    if (line) folded.push({ kind: line.kind, text: line.text, hosts: group.map((one) => one.host) })
    for (const one of group) take(one, key, hostsWith)
  }
  return folded
}

/** By line, in the order in which the hosts came: who has it as its next one. */
function headsOf(pending: readonly Pending[]): ReadonlyMap<string, readonly Pending[]> {
  return Map.groupBy(
    pending.filter(({ next, lines }) => next < lines.length),
    ({ next, lines }) => keyOf(lines[next]),
  )
}

/** The first that no other host has yet to come to, else the first. */
function bestOf(
  heads: ReadonlyMap<string, readonly Pending[]>,
  hostsWith: ReadonlyMap<string, number>,
): readonly [string, readonly Pending[]] {
  let first: readonly [string, readonly Pending[]] | undefined
  for (const head of heads) {
    first ??= head
    if (hostsWith.get(head[0]) === head[1].length) return head
  }
  return first ?? ['', []]
}

function take(one: Pending, key: string, hostsWith: Map<string, number>): void {
  one.next += 1
  const left = (one.left.get(key) ?? 1) - 1
  one.left.set(key, left)
  if (left === 0) hostsWith.set(key, (hostsWith.get(key) ?? 1) - 1)
}

function countsOf(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

function keyOf(line: HostLine | undefined): string {
  return line ? `${line.kind}\n${line.text}` : ''
}
