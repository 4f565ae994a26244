import { createHash } from 'node:crypto'
import type { Datum } from './datum.ts'
import { isFloat, isNumber, toDouble } from './number.ts'
import { toText } from './text.ts'

const SIZE = 624
const SHIFT = 397

/** Python's `random.Random(seed)`: the same seed gives the same numbers as in Python 3. */
export class PythonRandom {
  readonly #state = new Uint32Array(SIZE)
  #place = SIZE

  constructor(seed: Datum) {
    this.#seed(words(seedNumber(seed)))
  }

  /** A number from 0 to below `bound`, as `randrange(bound)` gives it. */
  below(bound: number): number {
    const bits = bound.toString(2).length
    for (;;) {
      const value = this.#bits(bits)
      if (value < bound) return value
    }
  }

  #bits(count: number): number {
    if (count <= 32) return this.#next() >>> (32 - count)
    const low = this.#next()
    return (this.#next() >>> (64 - count)) * 2 ** 32 + low
  }

  #seed(key: readonly number[]): void {
    const state = this.#state
    this.#fill(19_650_218)
    let i = 1
    let j = 0
    for (let k = Math.max(SIZE, key.length); k > 0; k -= 1) {
      const mixed = Math.imul(previousBits(state, i), 1_664_525)
      state[i] = ((state[i] ?? 0) ^ mixed) + (key[j] ?? 0) + j
      i += 1
      j = (j + 1) % key.length
      if (i >= SIZE) i = this.#wrap()
    }
    for (let k = SIZE - 1; k > 0; k -= 1) {
      const mixed = Math.imul(previousBits(state, i), 1_566_083_941)
      state[i] = ((state[i] ?? 0) ^ mixed) - i
      i += 1
      if (i >= SIZE) i = this.#wrap()
    }
    state[0] = 0x80000000
  }

  #fill(seed: number): void {
    this.#state[0] = seed
    for (let i = 1; i < SIZE; i += 1) {
      this.#state[i] = Math.imul(previousBits(this.#state, i), 1_812_433_253) + i
    }
  }

  #wrap(): number {
    this.#state[0] = this.#state[SIZE - 1] ?? 0
    return 1
  }

  #next(): number {
    if (this.#place >= SIZE) this.#twist()
    let value = this.#state[this.#place] ?? 0
    this.#place += 1
    value ^= value >>> 11
    value ^= (value << 7) & 0x9d2c5680
    value ^= (value << 15) & 0xefc60000
    return (value ^ (value >>> 18)) >>> 0
  }

  #twist(): void {
    const state = this.#state
    for (let i = 0; i < SIZE; i += 1) {
      const mixed = ((state[i] ?? 0) & 0x80000000) | ((state[(i + 1) % SIZE] ?? 0) & 0x7fffffff)
      const far = state[(i + SHIFT) % SIZE] ?? 0
      state[i] = far ^ (mixed >>> 1) ^ ((mixed & 1) === 0 ? 0 : 0x9908b0df)
    }
    this.#place = 0
  }
}

function previousBits(state: Uint32Array, i: number): number {
  const before = state[i - 1] ?? 0
  return before ^ (before >>> 30)
}

function seedNumber(seed: Datum): bigint {
  if (isNumber(seed) && !isFloat(seed)) {
    const value = BigInt(seed)
    return value < 0n ? -value : value
  }
  if (isNumber(seed)) return floatHash(toDouble(seed))
  const text = Buffer.from(toText(seed), 'utf8')
  const all = Buffer.concat([text, createHash('sha512').update(text).digest()])
  return BigInt(`0x${all.toString('hex') || '0'}`)
}

function words(value: bigint): readonly number[] {
  const found: number[] = []
  for (let rest = value; rest > 0n; rest >>= 32n) found.push(Number(rest & 0xffffffffn))
  return found.length === 0 ? [0] : found
}

const HASH_MODULUS = (1n << 61n) - 1n

/** Python's `hash()` of a float, as an unsigned number. */
function floatHash(value: number): bigint {
  let numerator = Math.abs(value)
  let powers = 0n
  while (!Number.isInteger(numerator)) {
    numerator *= 2
    powers += 1n
  }
  // 2 to the 61st is 1 here, so dividing by two is multiplying by two to the 60th
  const half = 1n << ((60n * powers) % 61n)
  const hash = ((BigInt(numerator) % HASH_MODULUS) * half) % HASH_MODULUS
  return value < 0 ? (1n << 64n) - hash : hash
}
