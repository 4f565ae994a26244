const LETTERS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The low `count` groups of six bits of a number, lowest first, in the letters of crypt(3). */
export function cryptLetters(value: number, count: number): string {
  let rest = value
  let text = ''
  for (let place = 0; place < count; place += 1) {
    text += LETTERS[rest & 63] ?? ''
    rest >>>= 6
  }
  return text
}
