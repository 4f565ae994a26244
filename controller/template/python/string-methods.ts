import { checkText } from '../limits.ts'
import { BLANKS, splitLines, withoutLeading, withoutTrailing } from './blanks.ts'
import { isTrue } from './compare.ts'
import { type Arguments, type Datum, isDict, isSequence, tuple } from './datum.ts'
import { iterate } from './iterate.ts'
import { isInteger } from './number.ts'
import { typeError, valueError } from './python-error.ts'
import { strFormat } from './str-format.ts'
import { caseMethods } from './string-case.ts'
import { typeName } from './types.ts'

type Method = (self: string, args: Arguments) => Datum

/** Python's methods of a str. */
export const stringMethods: ReadonlyMap<string, Method> = new Map<string, Method>([
  ...caseMethods,
  ['split', (self, args) => split(self, separator(args), limit(args))],
  ['rsplit', (self, args) => rightSplit(self, separator(args), limit(args))],
  ['splitlines', linesOf],
  ['partition', (self, args) => partition(self, textArgument(args, 0))],
  ['rpartition', (self, args) => rightPartition(self, textArgument(args, 0))],
  ['strip', (self, args) => strip(self, charsOf(args), 'both')],
  ['lstrip', (self, args) => strip(self, charsOf(args), 'left')],
  ['rstrip', (self, args) => strip(self, charsOf(args), 'right')],
  ['startswith', (self, args) => edge(self, args, (text, part) => text.startsWith(part))],
  ['endswith', (self, args) => edge(self, args, (text, part) => text.endsWith(part))],
  ['find', (self, args) => find(self, args, 'first')],
  ['rfind', (self, args) => find(self, args, 'last')],
  ['index', (self, args) => found(find(self, args, 'first'))],
  ['rindex', (self, args) => found(find(self, args, 'last'))],
  ['count', (self, args) => count(self, textArgument(args, 0))],
  ['replace', (self, args) => replace(self, args)],
  ['join', join],
  ['format', strFormat],
  [
    'format_map',
    (self, { positional: [map = null] }) =>
      strFormat(self, { positional: [], named: namedFrom(map) }),
  ],
  ['zfill', zeroFill],
  ['ljust', (self, args) => justify(self, args, 'left')],
  ['rjust', (self, args) => justify(self, args, 'right')],
  ['center', (self, args) => justify(self, args, 'center')],
  [
    'removeprefix',
    (self, args) =>
      self.startsWith(textArgument(args, 0)) ? self.slice(textArgument(args, 0).length) : self,
  ],
  [
    'removesuffix',
    (self, args) =>
      textArgument(args, 0) !== '' && self.endsWith(textArgument(args, 0))
        ? self.slice(0, -textArgument(args, 0).length)
        : self,
  ],
  ['expandtabs', (self, { positional: [size = 8] }) => expandTabs(self, Number(size))],
  ['translate', (self) => self],
  ['encode', (self) => self],
])

function textArgument({ positional }: Arguments, place: number): string {
  const value = positional[place]
  if (typeof value === 'string') return value
  throw typeError(`must be str, not ${value === undefined ? 'missing' : typeName(value)}`)
}

function separator({ positional, named }: Arguments): string | undefined {
  const value = positional[0] ?? named.get('sep') ?? null
  if (value === null) return undefined
  if (typeof value !== 'string') throw typeError(`must be str or None, not ${typeName(value)}`)
  if (value === '') throw valueError('empty separator')
  return value
}

function limit({ positional, named }: Arguments): number {
  const value = positional[1] ?? named.get('maxsplit') ?? -1
  if (!isInteger(value)) {
    throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`)
  }
  return Number(value)
}

/** Python's `str.split`. */
export function split(text: string, by: string | undefined, max: number): string[] {
  if (by === undefined) return splitBlanks(text, max)
  const parts = text.split(by)
  if (max < 0 || parts.length <= max + 1) return parts
  return [...parts.slice(0, max), parts.slice(max).join(by)]
}

function splitBlanks(text: string, max: number): string[] {
  let rest = withoutLeading(text)
  const parts: string[] = []
  while (rest !== '') {
    const gap = BLANKS.exec(rest)
    if (!gap || (max >= 0 && parts.length === max)) break
    parts.push(rest.slice(0, gap.index))
    rest = rest.slice(gap.index + gap[0].length)
  }
  if (rest !== '') parts.push(rest)
  return parts
}

function rightSplit(text: string, by: string | undefined, max: number): string[] {
  if (max < 0) return split(text, by, max)
  const isBlanks = by === undefined
  return split(
    reversed(isBlanks ? withoutTrailing(text) : text),
    isBlanks ? undefined : reversed(by),
    max,
  )
    .map(reversed)
    .toReversed()
}

function reversed(text: string): string {
  return Array.from(text).toReversed().join('')
}

function linesOf(self: string, { positional, named }: Arguments): Datum {
  return splitLines(self, isTrue(positional[0] ?? named.get('keepends') ?? false))
}

function partition(self: string, by: string): Datum {
  const at = self.indexOf(by)
  return tuple(at < 0 ? [self, '', ''] : [self.slice(0, at), by, self.slice(at + by.length)])
}

function rightPartition(self: string, by: string): Datum {
  const at = self.lastIndexOf(by)
  return tuple(at < 0 ? ['', '', self] : [self.slice(0, at), by, self.slice(at + by.length)])
}

function charsOf({ positional: [chars = null] }: Arguments): string | undefined {
  if (chars === null) return undefined
  if (typeof chars !== 'string') throw typeError('strip arg must be None or str')
  return chars
}

/** Python's `strip`, `lstrip` and `rstrip`. */
export function strip(
  text: string,
  chars: string | undefined,
  side: 'both' | 'left' | 'right',
): string {
  const set = chars === undefined ? undefined : new Set(Array.from(chars))
  const isStripped = (character: string): boolean =>
    set ? set.has(character) : BLANKS.test(character)
  const characters = Array.from(text)
  let start = 0
  let end = characters.length
  if (side !== 'right') while (start < end && isStripped(characters[start] ?? '')) start += 1
  if (side !== 'left') while (end > start && isStripped(characters[end - 1] ?? '')) end -= 1
  return characters.slice(start, end).join('')
}

function windowOf(self: string, { positional }: Arguments): readonly [string, number] {
  const [, start = null, end = null] = positional
  if (start === null && end === null) return [self, 0]
  const characters = Array.from(self)
  const place = (value: Datum, otherwise: number): number => {
    if (value === null) return otherwise
    const index = Number(value)
    return index < 0 ? Math.max(0, index + characters.length) : index
  }
  const from = place(start, 0)
  return [characters.slice(from, place(end, characters.length)).join(''), from]
}

function edge(
  self: string,
  args: Arguments,
  holds: (text: string, part: string) => boolean,
): boolean {
  const [text] = windowOf(self, args)
  const [part = null] = args.positional
  if (isSequence(part)) return part.some((one) => typeof one === 'string' && holds(text, one))
  if (typeof part !== 'string') {
    throw typeError(`startswith first arg must be str or a tuple of str, not ${typeName(part)}`)
  }
  return holds(text, part)
}

function find(self: string, args: Arguments, which: 'first' | 'last'): number {
  const part = textArgument(args, 0)
  const [text, from] = windowOf(self, args)
  const at = which === 'first' ? text.indexOf(part) : text.lastIndexOf(part)
  return at < 0 ? -1 : Array.from(text.slice(0, at)).length + from
}

function found(at: number): number {
  if (at < 0) throw valueError('substring not found')
  return at
}

function count(self: string, part: string): number {
  return part === '' ? Array.from(self).length + 1 : self.split(part).length - 1
}

function replace(self: string, args: Arguments): string {
  const from = textArgument(args, 0)
  const to = textArgument(args, 1)
  return replaceText(self, from, { to, max: Number(args.positional[2] ?? -1) })
}

/** Python's `str.replace`; `max` below 0 for all. */
export function replaceText(
  text: string,
  from: string,
  { to, max }: { to: string; max: number },
): string {
  const parts = from === '' ? ['', ...Array.from(text), ''] : text.split(from)
  const count = max < 0 ? parts.length - 1 : Math.min(max, parts.length - 1)
  checkText(text.length + count * to.length)
  const [first = '', ...rest] = parts
  return rest.reduce((all, part, index) => all + (index < count ? to : from) + part, first)
}

function join(self: string, { positional: [items = null] }: Arguments): string {
  const parts = iterate(items).map((item, index) => {
    if (typeof item === 'string') return item
    throw typeError(`sequence item ${index}: expected str instance, ${typeName(item)} found`)
  })
  checkText(parts.reduce((total, part) => total + part.length + self.length, 0))
  return parts.join(self)
}

function width({ positional: [size = null] }: Arguments): number {
  if (!isInteger(size)) {
    throw typeError(`'${typeName(size)}' object cannot be interpreted as an integer`)
  }
  checkText(Number(size))
  return Number(size)
}

function zeroFill(self: string, args: Arguments): string {
  const mark = /^[+-]/u.exec(self)?.[0] ?? ''
  return mark + self.slice(mark.length).padStart(width(args) - mark.length, '0')
}

function justify(self: string, args: Arguments, side: 'left' | 'right' | 'center'): string {
  const fill = args.positional[1] ?? ' '
  const missing = width(args) - Array.from(self).length
  if (typeof fill !== 'string' || Array.from(fill).length !== 1) {
    throw typeError('The fill character must be exactly one character long')
  }
  if (missing <= 0) return self
  if (side === 'left') return self + fill.repeat(missing)
  if (side === 'right') return fill.repeat(missing) + self
  return centered(self, missing, { fill, total: width(args) })
}

/** Where an odd blank goes depends, in Python, on both lengths being odd. */
function centered(
  self: string,
  missing: number,
  { fill, total }: { fill: string; total: number },
): string {
  const left = Math.floor(missing / 2) + (missing % 2 === 1 && total % 2 === 1 ? 1 : 0)
  return fill.repeat(left) + self + fill.repeat(missing - left)
}

function expandTabs(self: string, size: number): string {
  let column = 0
  let text = ''
  for (const character of self) {
    if (character === '\t') {
      const blanks = size > 0 ? size - (column % size) : 0
      text += ' '.repeat(blanks)
      column += blanks
    } else {
      text += character
      column = character === '\n' || character === '\r' ? 0 : column + 1
    }
  }
  return text
}

/** Fields are named by texts: Python does not find any other key. */
function namedFrom(map: Datum): ReadonlyMap<string, Datum> {
  const entries = isDict(map) ? [...map] : []
  return new Map(entries.filter((entry): entry is [string, Datum] => typeof entry[0] === 'string'))
}
