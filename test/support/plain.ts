/** A value of the playbook language with plain objects for its maps, to be compared with what a test writes down. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (!(value instanceof Map)) return value
  return Object.fromEntries(Array.from(value, ([key, item]) => [String(key), plain(item)]))
}
