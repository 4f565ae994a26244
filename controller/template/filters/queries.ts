import { define } from '../define.ts'
import { search } from '../jmespath/evaluate.ts'
import type { Datum } from '../python/datum.ts'
import { PythonError, filterError } from '../python/python-error.ts'
import { toText } from '../python/text.ts'
import type { Table } from '../registry.ts'

/** The filter that asks in JMESPath, of the collection community.general. */
export const queryFilters: Table<Datum> = {
  json_query: define('expr', (value, [expression = '']) => {
    try {
      return search(toText(expression), value)
    } catch (cause) {
      if (!(cause instanceof PythonError)) throw cause
      throw filterError(`Error in jmespath.search in json_query filter plugin:\n${cause.message}`)
    }
  }),
}
