import type { Report } from './chaos.ts'
import { faultKinds, type Plan } from './plan.ts'

/** How many offenders are explained. */
const shown = 10

/** Whether every promise was kept. */
export function isGreen(report: Report): boolean {
  return broken(report).every(([, sentences]) => sentences.length === 0)
}

/** A table, and below it the first offenders. */
export function reportText(report: Report, plan: Plan): string {
  const rows: (readonly [string, number | string])[] = [
    ...faultKinds.map((kind) => [kind, report.faults.get(kind) ?? 0] as const),
    ['watchers that gave up', report.gaveUp],
    ['seconds', Math.round(report.tookMs / 1000)],
    ['faults done', sum(report.faults.values())],
    ['jobs', plan.jobs.length],
    ...Array.from(report.states, ([state, count]) => [`  ${state}`, count] as const),
    ...broken(report).map(([what, sentences]) => [what, sentences.length] as const),
  ]
  const table = rows.map(
    ([what, count]) => `| ${what.padEnd(22)} | ${String(count).padStart(6)} |\n`,
  )
  const offenders = broken(report)
    .flatMap(([what, sentences]) => sentences.map((sentence) => `${what}: ${sentence}\n`))
    .slice(0, shown)
  return [...table, ...offenders].join('')
}

function broken(report: Report): readonly (readonly [string, readonly string[]])[] {
  return [
    ['failed runs', report.failedRuns],
    ['left behind', report.leftBehind],
    ['wrong ends', report.wrongEnds],
    ['double runs', report.doubleRuns],
    ['lost bytes', report.lostBytes],
  ]
}

function sum(counts: Iterable<number>): number {
  return Array.from(counts).reduce((all, count) => all + count, 0)
}
