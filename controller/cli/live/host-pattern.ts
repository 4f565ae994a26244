/** A longer pattern ends in the number of hosts that it means. */
const longest = 100

interface Numbered {
  /** The name with a mark in place of the number. */
  readonly form: string
  readonly digits: string
  readonly name: string
}

/** Names in few words: `web[1-3,7]`, `db[01-12].example.com,mail`. The same set gives the same text in any order. */
export function hostPattern(names: readonly string[]): string {
  const parts: string[] = []
  let left: ReadonlySet<string> = new Set(names.toSorted(naturally))
  while (left.size > 0) {
    const group = largestGroup(left)
    parts.push(textOf(group))
    left = left.difference(new Set(group.map(({ name }) => name)))
  }
  return shortened(parts.toSorted(naturally), names.length)
}

/** Names that differ in one number, with as many digits where zeros are in front. */
function largestGroup(names: ReadonlySet<string>): readonly Numbered[] {
  const forms = Map.groupBy([...names].flatMap(formsOf), ({ form }) => form)
  let largest: readonly Numbered[] = []
  for (const group of forms.values()) if (group.length > largest.length) largest = group
  return largest
}

function formsOf(name: string): readonly Numbered[] {
  const numbers = [...name.matchAll(/\d+/gu)].map(([digits], index) => ({ digits, index }))
  if (numbers.length === 0) return [{ form: name, digits: '', name }]
  return numbers.map(({ digits, index }) => {
    let at = -1
    // A zero in front fixes the width: `01` and `1` are not of one range.
    const width = digits.startsWith('0') ? String(digits.length) : ''
    const form = name.replaceAll(/\d+/gu, (one) => (++at === index ? `{${width}}` : one))
    return { form, digits, name }
  })
}

function textOf(group: readonly Numbered[]): string {
  const [first] = group
  if (!first) return ''
  if (group.length === 1) return first.name
  const numbers = group.map(({ digits }) => digits).toSorted(naturally)
  return first.form.replace(/\{\d*\}/u, `[${ranges(numbers).join(',')}]`)
}

function ranges(numbers: readonly string[]): readonly string[] {
  const found: [string, string][] = []
  for (const number of numbers) {
    const last = found.at(-1)
    if (last && BigInt(last[1]) + 1n === BigInt(number)) last[1] = number
    else found.push([number, number])
  }
  return found.map(([from, to]) => (from === to ? from : `${from}-${to}`))
}

function shortened(parts: readonly string[], hosts: number): string {
  const text = parts.join(',')
  if (text.length <= longest) return text
  const cut = text.slice(0, longest)
  return `${cut.slice(0, Math.max(1, cut.lastIndexOf(',')))},… (${hosts} hosts)`
}

function naturally(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true }) || (one < other ? -1 : 1)
}
