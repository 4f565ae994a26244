import { ErrandError } from '../../proto/errors.ts'

/**
 * Hosts as the play's `order` wants them.
 *
 * @throws {ErrandError} `invalid` for an unknown order.
 */
export function ordered(names: readonly string[], order: string | undefined): readonly string[] {
  switch (order) {
    case undefined:
    case 'inventory':
      return names
    case 'reverse_inventory':
      return names.toReversed()
    case 'sorted':
      return names.toSorted(byName)
    case 'reverse_sorted':
      return names.toSorted(byName).toReversed()
    case 'shuffle':
      return names
        .map((name) => ({ name, at: Math.random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ name }) => name)
    default:
      throw new ErrandError(
        'usage',
        `order must be inventory, reverse_inventory, sorted, reverse_sorted or shuffle, got "${order}"`,
      )
  }
}

function byName(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
