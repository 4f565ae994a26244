import type { FaultKind, Report } from './kills.ts'

/** How many faults are explained. */
const shown = 10

const promises: readonly (readonly [string, FaultKind])[] = [
  ['doubles', 'double'],
  ['missing', 'missing'],
  ['stuck', 'stuck'],
  ['wrong recaps', 'wrong recap'],
]

/** Whether every promise was kept. */
export function isGreen({ faults }: Report): boolean {
  return faults.length === 0
}

/** A table, and below it the first faults. */
export function reportText({ runs, kills, faults }: Report): string {
  const rows: (readonly [string, number])[] = [
    ['runs', runs],
    ['kills', kills],
    ...promises.map(
      ([name, kind]) => [name, faults.filter((fault) => fault.kind === kind).length] as const,
    ),
  ]
  const table = rows.map(
    ([name, count]) => `| ${name.padEnd(12)} | ${String(count).padStart(5)} |\n`,
  )
  const told = faults.slice(0, shown).map(({ kind, sentence }) => `${kind}: ${sentence}\n`)
  return [...table, ...told].join('')
}
