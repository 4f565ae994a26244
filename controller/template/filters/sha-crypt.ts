import { hash as digestOf } from 'node:crypto'
import { filterError } from '../python/python-error.ts'
import { cryptLetters } from './crypt-letters.ts'

/** What shapes a hash beside the password. */
export interface ShaCryptOptions {
  readonly salt: string
  /** Default 5,000, which is not written. */
  readonly rounds: number | undefined
  readonly kind: 'sha256' | 'sha512'
}

const MAX_ROUNDS = 999_999_999
/** More would hold the controller up for seconds. */
const MOST_ROUNDS = 5_000_000

/**
 * The crypt(3) hashes `$5$` and `$6$`.
 *
 * @see U. Drepper, "Unix crypt using SHA-256 and SHA-512"
 */
export function shaCrypt(password: string, { salt, rounds, kind }: ShaCryptOptions): string {
  if (rounds !== undefined && (rounds < 1000 || rounds > MAX_ROUNDS)) {
    throw filterError(`crypt.crypt does not support '${kind}_crypt' algorithm`)
  }
  if ((rounds ?? 0) > MOST_ROUNDS)
    throw filterError(`rounds must be at most ${MOST_ROUNDS}, got ${rounds}`)
  const key = Buffer.from(password, 'utf8')
  const grain = Buffer.from(salt, 'utf8')
  const digest = stretch(key, grain, { kind, rounds: rounds ?? 5000 })
  const prefix = kind === 'sha256' ? '$5$' : '$6$'
  return `${prefix}${rounds === undefined ? '' : `rounds=${rounds}$`}${salt}$${encode(digest, kind)}`
}

function hash(kind: string, ...parts: readonly Buffer[]): Buffer {
  return digestOf(kind, Buffer.concat(parts), 'buffer')
}

/** `block` over and over, up to `length` bytes. */
function filled(block: Buffer, length: number): Buffer {
  return Buffer.alloc(length, block)
}

function stretch(
  key: Buffer,
  salt: Buffer,
  { kind, rounds }: { kind: string; rounds: number },
): Buffer {
  const other = hash(kind, key, salt, key)
  const parts = [key, salt, filled(other, key.length)]
  for (let bits = key.length; bits > 0; bits >>= 1) parts.push((bits & 1) === 1 ? other : key)
  let digest = hash(kind, ...parts)
  const p = filled(hash(kind, ...Array.from(key, () => key)), key.length)
  const s = filled(
    hash(kind, ...Array.from({ length: 16 + (digest[0] ?? 0) }, () => salt)),
    salt.length,
  )
  for (let round = 0; round < rounds; round += 1) {
    const isOdd = round % 2 === 1
    digest = hash(
      kind,
      isOdd ? p : digest,
      ...(round % 3 === 0 ? [] : [s]),
      ...(round % 7 === 0 ? [] : [p]),
      isOdd ? digest : p,
    )
  }
  return digest
}

function encode(digest: Buffer, kind: 'sha256' | 'sha512'): string {
  const byte = (place: number): number => digest[place] ?? 0
  const [third, turns, step] = kind === 'sha256' ? [10, 10, 21] : [21, 21, 22]
  let [a, b, c] = [0, third, third * 2]
  let text = ''
  for (let turn = 0; turn < turns; turn += 1) {
    text += cryptLetters((byte(a) << 16) | (byte(b) << 8) | byte(c), 4)
    const modulus = third * 3
    ;[a, b, c] =
      kind === 'sha256'
        ? [(a + step) % modulus, (b + step) % modulus, (c + step) % modulus]
        : [(a + step) % modulus, (b + step) % modulus, (c + step) % modulus]
  }
  return (
    text +
    (kind === 'sha256' ? cryptLetters((byte(31) << 8) | byte(30), 3) : cryptLetters(byte(63), 2))
  )
}
