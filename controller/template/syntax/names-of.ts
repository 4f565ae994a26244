/** The names that a part of a parsed template speaks of, each as often as it does. */
export function namesOf(part: unknown): readonly string[] {
  if (Array.isArray(part)) return part.flatMap(namesOf)
  if (typeof part !== 'object' || part === null) return []
  if ('kind' in part && part.kind === 'name' && 'name' in part) return [String(part.name)]
  return Object.values(part).flatMap(namesOf)
}
