/** Filters whose text stays text, also where it looks like a list or a map: Ansible's STRING_TYPE_FILTERS. */
export const STRING_FILTERS: ReadonlySet<string> = new Set([
  'string',
  'to_json',
  'to_nice_json',
  'to_yaml',
  'to_nice_yaml',
  'ppretty',
  'json',
])
