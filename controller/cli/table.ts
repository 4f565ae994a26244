import { textWidth } from './render/text-width.ts'

/** Lines of aligned columns, the last one as long as it is. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows]
  const widths = head.map((_, column) =>
    Math.max(...lines.map((line) => textWidth(line[column] ?? ''))),
  )
  return lines.map((line) => `${aligned(line, widths)}\n`).join('')
}

function aligned(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - textWidth(cell))))
    .join('  ')
    .trimEnd()
}
