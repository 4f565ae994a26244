const lineEnd = 10

/** A line longer than this is printed in parts, so that memory stays bounded. */
const longestLine = 64 * 1024

/** Puts a prefix before each line of bytes that come in pieces. */
export class PrefixedLines {
  readonly #prefix: Buffer
  #rest = Buffer.alloc(0)

  constructor(prefix: string) {
    this.#prefix = Buffer.from(prefix)
  }

  /** The lines that are whole with `data`. */
  add(data: Uint8Array): Uint8Array {
    const parts: Buffer[] = []
    let bytes = Buffer.concat([this.#rest, data])
    for (let end = bytes.indexOf(lineEnd); end >= 0; end = bytes.indexOf(lineEnd)) {
      parts.push(this.#prefix, bytes.subarray(0, end + 1))
      bytes = bytes.subarray(end + 1)
    }
    this.#rest = bytes
    if (bytes.length > longestLine) parts.push(Buffer.from(this.rest()))
    return Buffer.concat(parts)
  }

  /** What the last line has without an end, with one. */
  rest(): Uint8Array {
    const rest = this.#rest
    this.#rest = Buffer.alloc(0)
    return rest.length === 0 ? rest : Buffer.concat([this.#prefix, rest, Buffer.from('\n')])
  }
}
