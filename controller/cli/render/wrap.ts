/**
 * Breaks text into lines of at most `columns`, as Python's textwrap does for Ansible's warnings: at blanks, after the
 * hyphen of a compound word, inside a word only when it is longer than a line.
 */
export function wrap(text: string, columns: number): readonly string[] {
  const pieces = text
    .replaceAll('\t', '        ')
    .replaceAll(/[\n\v\f\r]/gu, ' ')
    .split(chunkEnds)
  const lines: string[] = []
  let line = ''
  for (const piece of pieces.filter((chunk) => chunk !== '')) {
    if (line.length + piece.length > columns && line !== '') {
      if (piece.length > columns) {
        // A word too long for any line fills up this one.
        const room = columns - line.length
        lines.push((line + piece.slice(0, room)).trimEnd())
        line = fillLines(piece.slice(room), columns, lines)
        continue
      }
      lines.push(line.trimEnd())
      line = ''
    }
    if (line === '' && lines.length > 0 && piece.trim() === '') continue
    line = fillLines(line + piece, columns, lines)
  }
  if (line.trim() !== '') lines.push(line.trimEnd())
  return lines
}

/** Between a blank and what is not, and after a hyphen that joins two words of letters. */
const chunkEnds = /(?<=\s)(?=\S)|(?<=\S)(?=\s)|(?<=[^\d\W]{2}-)(?=[^\d\W]-?[^\d\W])/u

function fillLines(text: string, columns: number, lines: string[]): string {
  let rest = text
  while (rest.length > columns) {
    lines.push(rest.slice(0, columns))
    rest = rest.slice(columns)
  }
  return rest
}
