import { define } from '../define.ts'
import { isTrue } from '../python/compare.ts'
import type { Datum } from '../python/datum.ts'
import { compileRegex } from '../python/regex.ts'
import { toText } from '../python/text.ts'
import type { Table } from '../registry.ts'
import { isSequence } from '../python/datum.ts'
import { splitUrl } from '../filters/url-parts.ts'

type Kind = 'search' | 'match' | 'fullmatch'

/** Tests of a text. */
export const textTests: Table<boolean> = {
  lower: define(
    '',
    (value) => /\p{Ll}/u.test(toText(value)) && !/[\p{Lu}\p{Lt}]/u.test(toText(value)),
  ),
  upper: define('', (value) => /\p{Lu}/u.test(toText(value)) && !/\p{Ll}/u.test(toText(value))),
  match: define('pattern ignorecase multiline', (value, args) => matches(value, args, 'match')),
  search: define('pattern ignorecase multiline', (value, args) => matches(value, args, 'search')),
  regex: define('pattern ignorecase multiline match_type', (value, args) => {
    const kind = toText(args[3] ?? 'search')
    return matches(value, args, kind === 'match' || kind === 'fullmatch' ? kind : 'search')
  }),
  uri: define('schemes', (value, [schemes = null]) => isUri(value, schemes)),
  url: define('schemes', (value, [schemes = null]) => {
    if (!isUri(value, schemes)) return false
    const { netloc, scheme } = splitUrl(toText(value))
    return netloc !== '' || scheme === 'file'
  }),
  urn: define('', (value) => isUri(value, ['urn'])),
  vault_encrypted: define('', () => false),
}

function matches(value: Datum, args: readonly (Datum | undefined)[], kind: Kind): boolean {
  const [pattern = '', ignoreCase = false, multiline = false] = args
  const flags = { ignoreCase: isTrue(ignoreCase), multiline: isTrue(multiline) }
  const text = toText(value)
  const { pattern: regex } = compileRegex(toText(pattern), flags)
  if (kind === 'search') return regex.test(text)
  const anchored = new RegExp(
    `(?:${regex.source})${kind === 'fullmatch' ? '(?![\\s\\S])' : ''}`,
    `${regex.flags.replace('g', '')}y`,
  )
  return anchored.test(text)
}

function isUri(value: Datum, schemes: Datum): boolean {
  if (typeof value !== 'string') return false
  if (!isSequence(schemes) || schemes.length === 0) return true
  return schemes.includes(splitUrl(value).scheme)
}
