import { randomInt } from 'node:crypto'
import type { Datum } from '../python/datum.ts'
import { filterError } from '../python/python-error.ts'
import { toText } from '../python/text.ts'
import { md5Crypt } from './md5-crypt.ts'
import { shaCrypt } from './sha-crypt.ts'

const SALT_LETTERS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

interface Scheme {
  readonly saltSize: number
  /** Rounds that are left out of the text when they are asked for. */
  readonly impliedRounds: number | undefined
}

const schemes: Readonly<Record<string, Scheme>> = {
  md5_crypt: { saltSize: 8, impliedRounds: undefined },
  sha256_crypt: { saltSize: 16, impliedRounds: 535_000 },
  sha512_crypt: { saltSize: 16, impliedRounds: 656_000 },
}
const aliases: Readonly<Record<string, string>> = {
  md5: 'md5_crypt',
  sha256: 'sha256_crypt',
  sha512: 'sha512_crypt',
}

/** Ansible's `password_hash`, as crypt(3) makes it. */
export function passwordHash(password: string, args: readonly (Datum | undefined)[]): string {
  const [kind = 'sha512', salt = null, saltSize = null, rounds = null] = args
  const asked = toText(kind)
  const name = (Object.hasOwn(aliases, asked) ? aliases[asked] : undefined) ?? asked
  const scheme = Object.hasOwn(schemes, name) ? schemes[name] : undefined
  if (!scheme) throw filterError(`crypt.crypt does not support '${name}' algorithm`)
  const grain =
    salt === null || salt === ''
      ? randomSalt(Number(saltSize ?? scheme.saltSize) || scheme.saltSize)
      : toText(salt)
  if (/[^./0-9A-Za-z]/u.test(grain)) throw filterError('invalid characters in salt')
  if (grain.length > scheme.saltSize) throw filterError('invalid salt size')
  if (name === 'md5_crypt') return md5Crypt(password, grain)
  const count =
    rounds === null || Number(rounds) === scheme.impliedRounds ? undefined : Number(rounds)
  return shaCrypt(password, {
    salt: grain,
    rounds: count,
    kind: name === 'sha256_crypt' ? 'sha256' : 'sha512',
  })
}

/** A salt as long as this scheme takes it, or of eight letters where nobody knows. */
export function saltOf(name: string): string {
  return randomSalt((Object.hasOwn(schemes, name) ? schemes[name]?.saltSize : undefined) ?? 8)
}

function randomSalt(size: number): string {
  return Array.from({ length: size }, () => SALT_LETTERS[randomInt(SALT_LETTERS.length)]).join('')
}
