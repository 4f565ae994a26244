import { limitError } from './python/python-error.ts'

/** The most items that a range, a product or a list made by an expression may have. */
const MAX_ITEMS = 1_000_000

/** The longest text, in UTF-16 units, that an expression or a template may make. */
const MAX_TEXT = 64 * 1024 * 1024

/** The deepest nesting of calls of macros, includes and recursive loops. */
export const MAX_CALLS = 200

/** The most bits that an integer may have. */
export const MAX_INTEGER_BITS = 200_000

/** Fails when `count` items are more than a template may make. */
export function checkItems(count: number): void {
  if (count > MAX_ITEMS)
    throw limitError(`a list of ${count} items is over the limit of ${MAX_ITEMS}`)
}

/** Fails when a text of `length` is more than a template may make. */
export function checkText(length: number): void {
  if (length > MAX_TEXT) {
    throw limitError(`a text of ${length} characters is over the limit of ${MAX_TEXT}`)
  }
}
