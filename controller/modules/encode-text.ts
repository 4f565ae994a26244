import { ErrandError } from '../../proto/errors.ts'

type Encoder = (text: string) => Uint8Array

const encoders: Readonly<Record<string, Encoder>> = {
  utf8: (text) => Buffer.from(text, 'utf8'),
  utf8sig: (text) => Buffer.from(`\uFEFF${text}`, 'utf8'),
  ascii: (text) => singleBytes(text, { most: 0x7f, name: 'ascii' }),
  usascii: (text) => singleBytes(text, { most: 0x7f, name: 'ascii' }),
  latin1: (text) => singleBytes(text, { most: 0xff, name: 'latin-1' }),
  iso88591: (text) => singleBytes(text, { most: 0xff, name: 'latin-1' }),
  utf16: (text) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  utf16le: (text) => Buffer.from(text, 'utf16le'),
  utf16be: (text) => Buffer.from(text, 'utf16le').swap16(),
}

/**
 * The bytes of a text in an encoding of Python's.
 *
 * @throws {ErrandError} `invalid` for an encoding that is not known, or a character that it does not have.
 */
export function encoded(text: string, encoding: string): Uint8Array {
  const encode = encoders[encoding.toLowerCase().replaceAll(/[-_ ]/gu, '')]
  if (!encode) throw new ErrandError('invalid', `unknown encoding: ${encoding}`)
  return encode(text)
}

function singleBytes(
  text: string,
  { most, name }: { readonly most: number; readonly name: string },
): Uint8Array {
  const at = Array.from(text).findIndex((character) => (character.codePointAt(0) ?? 0) > most)
  if (at < 0) return Buffer.from(text, 'latin1')
  throw new ErrandError(
    'invalid',
    `'${name}' codec can't encode character in position ${at}: ordinal not in range(${most + 1})`,
  )
}
