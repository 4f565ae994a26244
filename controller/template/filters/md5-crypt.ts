import { createHash } from 'node:crypto'
import { cryptLetters } from './crypt-letters.ts'

/** The crypt(3) hash `$1$`, for systems that know no better. */
export function md5Crypt(password: string, salt: string): string {
  const key = Buffer.from(password, 'utf8')
  const grain = Buffer.from(salt, 'utf8')
  let digest = first(key, grain)
  for (let round = 0; round < 1000; round += 1) {
    const isOdd = round % 2 === 1
    const parts = [isOdd ? key : digest]
    if (round % 3 !== 0) parts.push(grain)
    if (round % 7 !== 0) parts.push(key)
    parts.push(isOdd ? digest : key)
    digest = md5(parts)
  }
  return `$1$${salt}$${encode(digest)}`
}

function md5(parts: readonly Buffer[]): Buffer {
  return createHash('md5').update(Buffer.concat(parts)).digest()
}

function first(key: Buffer, salt: Buffer): Buffer {
  const other = md5([key, salt, key])
  const parts = [key, Buffer.from('$1$'), salt, Buffer.alloc(key.length, other)]
  for (let bits = key.length; bits > 0; bits >>= 1) {
    parts.push((bits & 1) === 1 ? Buffer.from([0]) : key.subarray(0, 1))
  }
  return md5(parts)
}

function encode(digest: Buffer): string {
  const byte = (place: number): number => digest[place] ?? 0
  const groups = [
    [0, 6, 12],
    [1, 7, 13],
    [2, 8, 14],
    [3, 9, 15],
    [4, 10, 5],
  ] as const
  const text = groups
    .map(([a, b, c]) => cryptLetters((byte(a) << 16) | (byte(b) << 8) | byte(c), 4))
    .join('')
  return text + cryptLetters(byte(11), 2)
}
