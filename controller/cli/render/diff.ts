import { isList, isMap, type Value, type ValueMap } from '../../../proto/value.ts'
import type { HostResult } from '../../../proto/run.ts'
import { dumpJson } from './python-json.ts'
import { pythonText } from './python-text.ts'
import type { Screen } from './screen.ts'
import { unifiedDiff } from './unified-diff.ts'

/** Prints the difference that a changed result carries, where that is wanted. */
export function showDiff(
  screen: Screen,
  { result, status, showsDiff }: Pick<HostResult, 'result' | 'status' | 'showsDiff'>,
): void {
  const diff = result.get('diff')
  if (!showsDiff || status !== 'changed' || !diff) return
  const text = (isList(diff) ? diff : [diff]).map((part) => diffText(screen, part)).join('')
  if (text !== '') screen.line(text)
}

function diffText(screen: Screen, diff: Value): string {
  if (!isMap(diff)) return ''
  return [
    diff.has('dst_binary') ? 'diff skipped: destination file appears to be binary\n' : '',
    diff.has('src_binary') ? 'diff skipped: source file appears to be binary\n' : '',
    tooLarge('destination', diff.get('dst_larger')),
    tooLarge('source', diff.get('src_larger')),
    comparison(screen, diff),
    pythonText(diff.get('prepared') ?? ''),
  ].join('')
}

function tooLarge(which: string, size: Value | undefined): string {
  return size === undefined
    ? ''
    : `diff skipped: ${which} file size is greater than ${pythonText(size)}\n`
}

function comparison(screen: Screen, diff: ValueMap): string {
  const before = diff.get('before')
  const after = diff.get('after')
  if (before === undefined || after === undefined) return ''
  const lines = unifiedDiff(sideLines(before), sideLines(after), {
    from: headerOf('before', diff.get('before_header')),
    to: headerOf('after', diff.get('after_header')),
  })
  return lines.length === 0 ? '' : `${lines.map((line) => paintLine(screen, line)).join('')}\n`
}

function headerOf(side: 'before' | 'after', name: Value | undefined): string {
  return name === undefined ? side : `${side}: ${pythonText(name)}`
}

/** Lines with their ends; a missing last one is said as diff(1) says it. */
function sideLines(side: Value): readonly string[] {
  const text = isMap(side) ? `${dumpJson(side, 4)}\n` : side === null ? '' : pythonText(side)
  if (text === '') return []
  const lines = text.split(/(?<=\n)/u)
  const last = lines.at(-1) ?? ''
  return last.endsWith('\n')
    ? lines
    : [...lines.slice(0, -1), `${last}\n\\ No newline at end of file\n`]
}

function paintLine(screen: Screen, line: string): string {
  if (line.startsWith('+')) return screen.paint(line, 'added')
  if (line.startsWith('-')) return screen.paint(line, 'removed')
  return line.startsWith('@@') ? screen.paint(line, 'hunk') : line
}
