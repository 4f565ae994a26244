import type { Datum } from '../python/datum.ts'
import { valueError } from '../python/python-error.ts'

/** The parts of a URL, as Python's `urlsplit` names them, in the order of their names. */
export function urlParts(source: string): Readonly<Record<string, Datum>> {
  const { scheme, netloc, path, query, fragment } = splitUrl(source)
  const at = netloc.lastIndexOf('@')
  const [user, password] = at < 0 ? [null, null] : credentials(netloc.slice(0, at))
  const [hostname, port] = hostAndPort(netloc.slice(at + 1))
  return { fragment, hostname, netloc, password, path, port, query, scheme, username: user }
}

/** The five parts that a URL is cut into. */
export function splitUrl(source: string): {
  readonly scheme: string
  readonly netloc: string
  readonly path: string
  readonly query: string
  readonly fragment: string
} {
  let rest = withoutControl(source).replace(/[\t\r\n]/gu, '')
  const scheme = /^([A-Za-z][\w+.-]*):/u.exec(rest)?.[1] ?? ''
  if (scheme !== '') rest = rest.slice(scheme.length + 1)
  const netloc = /^\/\/([^/?#]*)/u.exec(rest)?.[1]
  if (netloc !== undefined) rest = rest.slice(netloc.length + 2)
  if (netloc !== undefined && netloc.includes('[') !== netloc.includes(']')) {
    throw valueError('Invalid IPv6 URL')
  }
  const [beforeFragment = '', ...fragments] = rest.split('#')
  const [path = '', ...queries] = beforeFragment.split('?')
  return {
    scheme: scheme.toLowerCase(),
    netloc: netloc ?? '',
    path,
    query: queries.join('?'),
    fragment: fragments.join('#'),
  }
}

/** Python drops control characters and blanks before a URL. */
function withoutControl(text: string): string {
  let start = 0
  while (start < text.length && text.charCodeAt(start) <= 0x20) start += 1
  return text.slice(start)
}

function credentials(text: string): readonly [string, string | null] {
  const colon = text.indexOf(':')
  return colon < 0 ? [text, null] : [text.slice(0, colon), text.slice(colon + 1)]
}

function hostAndPort(text: string): readonly [string | null, number | null] {
  const [, bracketed, bare = '', port = ''] =
    /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/u.exec(text) ?? []
  const host = (bracketed ?? bare).toLowerCase()
  if (port !== '' && !/^\d+$/u.test(port)) {
    throw valueError(`Port could not be cast to integer value as '${port}'`)
  }
  if (Number(port) > 65_535) throw valueError('Port out of range 0-65535')
  return [host === '' ? null : host, port === '' ? null : Number(port)]
}
