const RESULT =
  /^(?:ok|changed|skipping|fatal|failed|included|ASYNC (?:POLL|OK|FAILED) on|FAILED - RETRYING)[: ] ?\[?([\w.-]+)/

const AD_HOC = /^\S+ \| (?:CHANGED|SUCCESS|FAILED|UNREACHABLE)/m

const AD_HOC_START = /^(?=\S+ \| (?:CHANGED|SUCCESS|FAILED|UNREACHABLE))/m

const HOST_LIST = /^( +)hosts \(\d+\):(?:\n\1 {2}\S+)+$/gm

const BANNER = /^(?:PLAY|TASK|RUNNING HANDLER|PLAY RECAP)\b.*\*{3}$/

/**
 * Puts what is said of several hosts below one banner in the order of their names: which host answers first is
 * chance. What is said of one host keeps its order.
 */
export function orderHosts(stdout: string): string {
  if (AD_HOC.test(stdout)) return orderAdHoc(stdout)
  const blocks: string[][] = [[]]
  for (const line of stdout.split('\n')) {
    if (BANNER.test(line)) blocks.push([line])
    else blocks.at(-1)?.push(line)
  }
  return blocks.flatMap(orderBlock).join('\n').replace(HOST_LIST, sortLines)
}

/** What `ansible` says of a host begins with its name and goes on to the next host's. */
function orderAdHoc(stdout: string): string {
  return stdout.split(AD_HOC_START).toSorted().join('')
}

/** The hosts of a listing come out of a set: their order is chance too. */
function sortLines(listing: string): string {
  const [head = '', ...hosts] = listing.split('\n')
  return [head, ...hosts.toSorted()].join('\n')
}

interface Entry {
  readonly host: string
  readonly lines: readonly string[]
}

/** Lines before the first result of a host, such as a diff, belong to that result; JSON and `...ignoring` follow it. */
function orderBlock(lines: readonly string[]): readonly string[] {
  const entries: Entry[] = []
  let pending: string[] = []
  let index = 0
  const head = BANNER.test(lines[0] ?? '') ? 1 : 0
  index = head
  while (index < lines.length) {
    const host = RESULT.exec(lines[index] ?? '')?.[1]
    const end = host === undefined ? index + 1 : endOfResult(lines, index)
    pending.push(...lines.slice(index, end))
    index = end
    if (host === undefined) continue
    entries.push({ host, lines: pending })
    pending = []
  }
  const sorted = entries.toSorted((one, other) =>
    one.host < other.host ? -1 : Number(one.host > other.host),
  )
  return [...lines.slice(0, head), ...sorted.flatMap((entry) => entry.lines), ...pending]
}

function endOfResult(lines: readonly string[], start: number): number {
  let end = start + 1
  if (/=> [{[]$/.test(lines[start] ?? '')) {
    while (end < lines.length && !/^[}\]]/.test(lines[end] ?? '')) end += 1
    end += 1
  }
  if (lines[end] === '...ignoring') end += 1
  return Math.min(end, lines.length)
}
