import { createHash, getHashes } from 'node:crypto'
import { define } from '../define.ts'
import { type Datum, isDict, isSequence, newDict } from '../python/datum.ts'
import { iterate } from '../python/iterate.ts'
import { filterError, valueError } from '../python/python-error.ts'
import { isTrue } from '../python/compare.ts'
import { textWith } from '../python/text-with.ts'
import { toText } from '../python/text.ts'
import type { Table } from '../registry.ts'
import { passwordHash } from './password-hash.ts'
import { urlParts } from './url-parts.ts'

const ANSIBLE_NAMESPACE = '361E6D51-FAEC-444A-9079-341386DA8E2E'

/** Filters that encode, decode and digest. */
export const encodingFilters: Table<Datum> = {
  b64encode: define('encoding', (value, [encoding = 'utf-8']) =>
    Buffer.from(toText(value), charset(encoding)).toString('base64'),
  ),
  b64decode: define('encoding', (value, [encoding = 'utf-8']) =>
    decode(toText(value), charset(encoding)),
  ),
  hash: define('hashtype', (value, [kind = 'sha1']) => digest(toText(value), toText(kind))),
  checksum: define('', (value) => digest(toText(value), 'sha1')),
  sha1: define('', (value) => digest(toText(value), 'sha1')),
  md5: define('', (value) => digest(toText(value), 'md5')),
  password_hash: define('hashtype salt salt_size rounds ident', (value, args) =>
    passwordHash(toText(value), args),
  ),
  to_uuid: define('namespace', (value, [namespace = ANSIBLE_NAMESPACE]) =>
    uuid5(toText(value), toText(namespace)),
  ),
  urlencode: define('', (value) => urlEncode(value)),
  urldecode: define('', (value) => urlDecode(textWith(value, 'replace'))),
  urlsplit: define('query', (value, [part = '']) => {
    const parts = urlParts(isTrue(value) ? textWith(value, 'decode') : '')
    if (part === '' || part === null) return newDict(Object.entries(parts))
    const name = toText(part)
    if (Object.hasOwn(parts, name)) return parts[name] ?? null
    throw filterError(`urlsplit: unknown URL component: ${name}`)
  }),
}

function charset(encoding: Datum): BufferEncoding {
  const name = toText(encoding).toLowerCase().replace(/[-_]/gu, '')
  if (name === 'utf8') return 'utf8'
  if (name === 'ascii' || name === 'usascii') return 'ascii'
  if (name === 'latin1' || name === 'iso88591') return 'latin1'
  if (name === 'utf16le') return 'utf16le'
  throw filterError(`unknown encoding: ${toText(encoding)}`)
}

function decode(text: string, encoding: BufferEncoding): string {
  const clean = text.replace(/[^A-Za-z\d+/=]/gu, '')
  const body = clean.replace(/=+$/u, '')
  if (body.length % 4 === 1) {
    throw valueError(
      `Invalid base64-encoded string: number of data characters (${body.length}) cannot be 1 more than a multiple of 4`,
    )
  }
  if (clean.length % 4 !== 0) throw valueError('Incorrect padding')
  return Buffer.from(body, 'base64').toString(encoding)
}

function digest(text: string, kind: string): string {
  const name = kind
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/^blake2([bs])$/u, (_all, letter: string) =>
      letter === 'b' ? 'blake2b512' : 'blake2s256',
    )
  if (!getHashes().some((one) => one.toLowerCase() === name)) {
    throw filterError(`unsupported hash type ${kind}`)
  }
  return createHash(name).update(text, 'utf8').digest('hex')
}

function uuid5(text: string, namespace: string): string {
  const hex = namespace.replace(/^urn:uuid:/u, '').replace(/[{}-]/gu, '')
  if (!/^[\da-f]{32}$/iu.test(hex)) {
    throw filterError(
      `Invalid value '${namespace}' for 'namespace': badly formed hexadecimal UUID string`,
    )
  }
  const bytes = createHash('sha1').update(Buffer.from(hex, 'hex')).update(text, 'utf8').digest()
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes
    .toString('hex', 0, 16)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, '$1-$2-$3-$4-$5')
}

function urlEncode(value: Datum): string {
  if (typeof value === 'string' || !(isDict(value) || isSequence(value)))
    return quoted(toText(value), '/')
  const pairs = isDict(value) ? [...value] : iterate(value).map((item) => iterate(item))
  return pairs
    .map(([key = '', item = '']) => `${form(toText(key))}=${form(toText(item))}`)
    .join('&')
}

function form(text: string): string {
  return quoted(text, '').replaceAll('%20', '+')
}

function quoted(text: string, safe: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/gu, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%2F', safe === '/' ? '/' : '%2F')
}

function urlDecode(text: string): string {
  const bytes: Buffer[] = []
  for (const [piece] of text.replaceAll('+', ' ').matchAll(/(?:%[\da-f]{2})+|[^%]+|%/giu)) {
    const isCoded = /^%[\da-f]{2}/iu.test(piece)
    bytes.push(isCoded ? Buffer.from(piece.replaceAll('%', ''), 'hex') : Buffer.from(piece, 'utf8'))
  }
  return Buffer.concat(bytes).toString('utf8')
}
