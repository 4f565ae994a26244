import type { HostStats } from '../../../proto/run.ts'
import { textKeys, isMap, type Value, type ValueMap } from '../../../proto/value.ts'
import type { Meaning } from './palette.ts'
import { pythonText } from './python-text.ts'
import type { RenderOptions } from './renderer.ts'
import type { Screen } from './screen.ts'
import { dumpResult } from './shown-result.ts'

const columns: readonly (readonly [keyof HostStats, Meaning])[] = [
  ['ok', 'ok'],
  ['changed', 'changed'],
  ['unreachable', 'unreachable'],
  ['failed', 'error'],
  ['skipped', 'skip'],
  ['rescued', 'ok'],
  ['ignored', 'warning'],
]

/** The recap: a line a host, sorted by name, and a blank line. */
export function showRecap(
  screen: Screen,
  stats: Readonly<Record<string, HostStats>>,
  { hasColour }: RenderOptions,
): void {
  screen.heading('PLAY RECAP')
  for (const [host, counts] of Object.entries(stats).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const name = screen.paint(host, meaningOf(counts)).padEnd(hasColour ? 37 : 26)
    const cells = columns.map(([key, meaning]) => {
      const text = `${key}=${String(counts[key]).padEnd(4)}`
      return counts[key] === 0 ? text : screen.paint(text, meaning)
    })
    screen.line(`${name} : ${cells.join(' ')}`)
  }
  screen.line('')
}

/** What set_stats gathered, when ansible.cfg says show_custom_stats: of each host, then of the run. */
export function showCustomStats(
  screen: Screen,
  custom: ValueMap,
  { verbosity, display }: RenderOptions,
): void {
  const dump = (stats: Value) =>
    isMap(stats)
      ? dumpResult(stats, { verbosity, display, indent: 1 }).replaceAll('\n', '')
      : pythonText(stats)
  screen.heading('CUSTOM STATS:')
  for (const host of textKeys(custom).toSorted()) {
    if (host !== '_run') screen.line(`\t${host}: ${dump(custom.get(host) ?? null)}`)
  }
  const ofRun = custom.get('_run')
  if (ofRun !== undefined) {
    screen.line('')
    screen.line(`\tRUN: ${dump(ofRun)}`)
  }
  screen.line('')
}

function meaningOf({ failed, unreachable, changed }: HostStats): Meaning {
  if (failed > 0 || unreachable > 0) return 'error'
  return changed > 0 ? 'changed' : 'ok'
}
