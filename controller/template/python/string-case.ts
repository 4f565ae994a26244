import type { Arguments, Datum } from './datum.ts'

type Method = (self: string, args: Arguments) => Datum

/** Python's methods of a str about letters: changing their case, asking what they are. */
export const caseMethods: readonly (readonly [string, Method])[] = [
  ['lower', (self) => self.toLowerCase()],
  ['upper', (self) => self.toUpperCase()],
  ['casefold', (self) => self.toLowerCase().replaceAll('ß', 'ss')],
  ['capitalize', (self) => capitalize(self)],
  ['title', (self) => titleCase(self)],
  ['swapcase', (self) => Array.from(self, swap).join('')],
  ['isdigit', (self) => /^\p{Nd}+$/u.test(self)],
  ['isdecimal', (self) => /^\p{Nd}+$/u.test(self)],
  ['isnumeric', (self) => /^\p{N}+$/u.test(self)],
  ['isalpha', (self) => /^\p{L}+$/u.test(self)],
  ['isalnum', (self) => /^[\p{L}\p{N}]+$/u.test(self)],
  ['isspace', (self) => /^\s+$/u.test(self)],
  ['islower', (self) => /\p{Ll}/u.test(self) && !/[\p{Lu}\p{Lt}]/u.test(self)],
  ['isupper', (self) => /\p{Lu}/u.test(self) && !/\p{Ll}/u.test(self)],
  ['istitle', (self) => /\p{Lu}/u.test(self) && titleCase(self) === self],
  ['isidentifier', (self) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(self)],
  ['isascii', (self) => /^\p{ASCII}*$/u.test(self)],
  ['isprintable', (self) => !/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u.test(self)],
]

/** Python's `str.capitalize`. */
export function capitalize(text: string): string {
  const [first = '', ...rest] = Array.from(text)
  return first.toUpperCase() + rest.join('').toLowerCase()
}

/** Python's `str.title`: a capital after anything that is not a letter. */
function titleCase(text: string): string {
  return text.replace(/\p{L}+/gu, (word) => {
    const [first = '', ...rest] = Array.from(word)
    return first.toUpperCase() + rest.join('').toLowerCase()
  })
}

function swap(character: string): string {
  const upper = character.toUpperCase()
  return character === upper ? character.toLowerCase() : upper
}
