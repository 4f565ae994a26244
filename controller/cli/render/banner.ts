import { textWidth } from './text-width.ts'

/** A heading with stars up to the last column, three at least. */
export function banner(heading: string, columns: number): string {
  const text = heading.trim()
  const stars = Math.max(3, columns - textWidth(text))
  return `\n${text} ${'*'.repeat(stars)}\n`
}
