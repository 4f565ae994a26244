import { define, defineRest } from '../define.ts'
import { checkText } from '../limits.ts'
import { splitLines } from '../python/blanks.ts'
import { isTrue } from '../python/compare.ts'
import { type Datum, isDict, newDict, tuple } from '../python/datum.ts'
import { lengthOf } from '../python/iterate.ts'
import { percentFormat } from '../python/percent-format.ts'
import { filterError, typeError } from '../python/python-error.ts'
import { attributeError, textWith } from '../python/text-with.ts'
import { capitalize } from '../python/string-case.ts'
import { replaceText, split, strip } from '../python/string-methods.ts'
import { toText } from '../python/text.ts'
import { typeName } from '../python/types.ts'
import type { Definition, Table } from '../registry.ts'
import { comment } from './comment.ts'
import { shellQuote } from './shell-quote.ts'
import { wordWrap } from './word-wrap.ts'

const escape: Definition<Datum> = define('', (value) => escapeHtml(toText(value)))

/** Filters that change a text. */
export const textFilters: Table<Datum> = {
  string: define('', (value) => toText(value)),
  lower: define('', (value) => toText(value).toLowerCase()),
  upper: define('', (value) => toText(value).toUpperCase()),
  capitalize: define('', (value) => capitalize(toText(value))),
  title: define('', (value) => titleWords(toText(value))),
  trim: define('chars', (value, [chars = null]) =>
    strip(toText(value), chars === null ? undefined : toText(chars), 'both'),
  ),
  replace: define('old new count', (value, [from, to, count = null]) => {
    if (from === undefined || to === undefined)
      throw typeError('replace needs the old and the new text')
    const max = count === null ? -1 : Number(count)
    return replaceText(toText(value), toText(from), { to: toText(to), max })
  }),
  format: defineRest((value, { positional, named }) => {
    if (positional.length > 0 && named.size > 0) {
      throw filterError("can't handle positional and keyword arguments at the same time")
    }
    return percentFormat(toText(value), named.size > 0 ? newDict(named) : tuple(positional))
  }),
  indent: define('width first blank', (value, [width = 4, first = false, blank = false]) =>
    indent(indentable(value), { width, hasFirst: isTrue(first), hasBlank: isTrue(blank) }),
  ),
  center: define('width', (value, [width = 80]) => centered(toText(value), Number(width))),
  truncate: define('length killwords end leeway', (value, args) => {
    lengthOf(value)
    return truncate(toText(value), args)
  }),
  wordwrap: define('width break_long_words wrapstring break_on_hyphens', (value, args) => {
    const [width = 79, breaksWords = true, newline = '\n', breaksHyphens = true] = args
    return wordWrap(textWith(value, 'splitlines'), {
      width: Number(width),
      breaksWords: isTrue(breaksWords),
      newline: newline === null ? '\n' : toText(newline),
      breaksHyphens: isTrue(breaksHyphens),
    })
  }),
  wordcount: define('', (value) => (toText(value).match(/[\p{L}\p{N}_]+/gu) ?? []).length),
  striptags: define('', (value) =>
    toText(value)
      .replace(/<!--[\s\S]*?-->|<[^>]*>/gu, '')
      .split(/\s+/u)
      .join(' ')
      .trim(),
  ),
  split: define('sep maxsplit', (value, [by = null, max = -1]) =>
    split(textOf(value), by === null ? undefined : toText(by), Number(max)),
  ),
  quote: define('', (value) => shellQuote(value === null ? '' : toText(value))),
  comment: defineRest((value, { positional: [style], named }) =>
    comment(textWith(value, 'replace'), toText(style ?? named.get('style') ?? 'plain'), named),
  ),
  escape,
  e: escape,
  forceescape: escape,
  safe: define('', (value) => toText(value)),
  urlize: define('', (value) => escapeHtml(toText(value))),
  xmlattr: define('autospace', (value, [space = true]) => xmlAttributes(value, isTrue(space))),
}

function textOf(value: Datum): string {
  if (typeof value === 'string') return value
  throw typeError(
    `descriptor 'split' for 'str' objects doesn't apply to a '${typeName(value)}' object`,
  )
}

function escapeHtml(text: string): string {
  const marks: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&#34;',
    "'": '&#39;',
  }
  return text.replace(/[&<>"']/gu, (mark) => marks[mark] ?? mark)
}

function titleWords(text: string): string {
  return text
    .split(/([-\s({[<]+)/u)
    .map((word) => capitalize(word))
    .join('')
}

interface IndentOptions {
  readonly width: Datum
  readonly hasFirst: boolean
  readonly hasBlank: boolean
}

function indentable(value: Datum): string {
  if (typeof value === 'string') return value
  const operator = 'unsupported operand type(s) for +='
  throw typeError(`${operator}: '${typeName(value)}' and 'str'`)
}

function indent(text: string, { width, hasFirst, hasBlank }: IndentOptions): string {
  const margin = typeof width === 'string' ? width : ' '.repeat(Math.max(0, Number(width)))
  const [first = '', ...rest] = splitLines(`${text}
`)
  checkText(text.length + margin.length * rest.length)
  const lines = rest.map((line) => (line === '' && !hasBlank ? line : margin + line))
  const body = [first, ...lines].join('\n')
  return hasFirst ? margin + body : body
}

function centered(text: string, width: number): string {
  checkText(width)
  const missing = width - Array.from(text).length
  if (missing <= 0) return text
  const left = Math.floor(missing / 2) + (missing % 2 === 1 && width % 2 === 1 ? 1 : 0)
  return ' '.repeat(left) + text + ' '.repeat(missing - left)
}

function truncate(text: string, args: readonly (Datum | undefined)[]): string {
  const [length = 255, killWords = false, end = '...', leeway = 5] = args
  const tail = toText(end)
  const most = Number(length)
  const characters = Array.from(text)
  if (most < tail.length) throw filterError(`expected length >= ${tail.length}, got ${most}`)
  if (characters.length <= most + Number(leeway ?? 5)) return text
  const cut = characters.slice(0, most - tail.length).join('')
  if (isTrue(killWords)) return cut + tail
  const blank = cut.lastIndexOf(' ')
  return (blank < 0 ? cut : cut.slice(0, blank)) + tail
}

function xmlAttributes(value: Datum, hasSpace: boolean): string {
  if (!isDict(value)) throw attributeError(value, 'items')
  const attributes = [...value]
    .filter(([, one]) => one !== null)
    .map(([key, one]) => `${escapeHtml(toText(key))}="${escapeHtml(toText(one))}"`)
    .join(' ')
  return hasSpace && attributes !== '' ? ` ${attributes}` : attributes
}
