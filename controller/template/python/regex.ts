import { PythonError, valueError } from './python-error.ts'

/** Flags of Python's `re` that filters offer. */
export interface RegexFlags {
  readonly ignoreCase?: boolean
  readonly multiline?: boolean
}

/** A regular expression of Python's `re`, made for JavaScript. */
export interface PythonRegex {
  /** Finds anywhere, all matches in turn. */
  readonly pattern: RegExp
  /** Number of groups. */
  readonly groupCount: number
  /** Names of groups, with their numbers. */
  readonly groupNames: ReadonlyMap<string, number>
}

/**
 * Translates Python's syntax: `(?P<n>)`, `(?P=n)`, inline flags, `\A`, `\Z`, possessive marks left out.
 *
 * @throws {PythonError} `ValueError` for what is no pattern.
 */
export function compileRegex(source: string, flags: RegexFlags = {}): PythonRegex {
  const translator = new Translator(source, flags)
  const body = translator.run()
  try {
    const pattern = new RegExp(body, translator.flags())
    return { pattern, groupCount: translator.groupCount, groupNames: translator.names }
  } catch (cause) {
    const problem = cause instanceof Error ? (cause.message.split(': ').at(-1) ?? '') : ''
    throw new PythonError('ValueError', `${problem} in regular expression ${source}`, { cause })
  }
}

const ANY_BUT_NEWLINE = '[^\\n]'
/** Python's `\w`, `\d` and `\s` know all of Unicode. */
const CLASSES: Readonly<Record<string, string>> = {
  w: '\\p{L}\\p{N}_',
  d: '\\p{Nd}',
  s: '\\s\\u001c-\\u001f\\u0085',
}

class Translator {
  readonly #source: string
  #at = 0
  #isIgnoringCase: boolean
  #isMultiline: boolean
  #isDotAll = false
  #isVerbose = false
  #isAscii = false
  groupCount = 0
  readonly names = new Map<string, number>()

  constructor(source: string, { ignoreCase = false, multiline = false }: RegexFlags) {
    this.#source = source
    this.#isIgnoringCase = ignoreCase
    this.#isMultiline = multiline
  }

  flags(): string {
    return `gu${this.#isIgnoringCase ? 'i' : ''}`
  }

  run(): string {
    this.#leadingFlags()
    let out = ''
    while (this.#at < this.#source.length) out += this.#piece()
    return out
  }

  #leadingFlags(): void {
    const found = /^\(\?([aiLmsux]+)\)/u.exec(this.#source)
    if (!found) return
    this.#apply(found[1] ?? '')
    this.#at = found[0].length
  }

  #apply(letters: string): void {
    this.#isIgnoringCase ||= letters.includes('i')
    this.#isMultiline ||= letters.includes('m')
    this.#isDotAll ||= letters.includes('s')
    this.#isVerbose ||= letters.includes('x')
    this.#isAscii ||= letters.includes('a')
  }

  #piece(): string {
    const character = this.#source[this.#at] ?? ''
    if (character === '\\') return this.#escape(false)
    if (character === '[') return this.#set()
    if (character === '(') return this.#group()
    if (character === '{') return this.#brace()
    this.#at += 1
    if (character === '.') return this.#isDotAll ? '[\\s\\S]' : ANY_BUT_NEWLINE
    if (character === '^') return this.#isMultiline ? '(?<![^\\n])' : '(?<![\\s\\S])'
    if (character === '$') return this.#isMultiline ? '(?![^\\n])' : '(?=\\n?(?![\\s\\S]))'
    if (character === '}' || character === ']' || character === '/') return `\\${character}`
    if ('*+?'.includes(character) && this.#source[this.#at] === '+') {
      this.#at += 1
      return character
    }
    if (this.#isVerbose && /\s/u.test(character)) return ''
    if (this.#isVerbose && character === '#') return this.#comment()
    const pair = this.#source.codePointAt(this.#at - 1) ?? 0
    if (pair > 0xffff) this.#at += 1
    return pair > 0xffff ? String.fromCodePoint(pair) : character
  }

  #comment(): string {
    const end = this.#source.indexOf('\n', this.#at)
    this.#at = end < 0 ? this.#source.length : end
    return ''
  }

  #brace(): string {
    const found = /^\{(\d*)(,?)(\d*)\}\+?/u.exec(this.#source.slice(this.#at))
    const isCount = found && (found[1] !== '' || found[3] !== '')
    this.#at += isCount ? found[0].length : 1
    return isCount
      ? `{${found[1] === '' ? '0' : (found[1] ?? '')}${found[2] ?? ''}${found[3] ?? ''}}`
      : '\\{'
  }

  #group(): string {
    const rest = this.#source.slice(this.#at)
    const named = /^\(\?P<(\w+)>/u.exec(rest)
    if (named) return this.#open(named[0], named[1])
    const reference = /^\(\?P=(\w+)\)/u.exec(rest)
    if (reference) return this.#reference(reference[0], reference[1] ?? '')
    const note = /^\(\?#[^)]*\)/u.exec(rest)
    if (note) return this.#skip(note[0], '')
    const flags = /^\(\?([aiLmsux]+)\)/u.exec(rest)
    if (flags)
      throw valueError(`global flags not at the start of the expression at position ${this.#at}`)
    const local = /^\(\?([aiLmsux]*)(?:-([imsx]+))?:/u.exec(rest)
    if (local) return this.#localFlags(local)
    const special = /^\(\?(?:=|!|<=|<!|>)/u.exec(rest)
    if (special) return this.#skip(special[0], special[0] === '(?>' ? '(?:' : special[0])
    const conditional = /^\(\?\(/u.exec(rest)
    if (conditional)
      throw valueError('conditional groups of a regular expression are not supported')
    if (rest.startsWith('(?'))
      throw valueError(`unknown extension ${rest.slice(1, 3)} at position ${this.#at + 1}`)
    return this.#open('(', undefined)
  }

  #open(text: string, name: string | undefined): string {
    this.groupCount += 1
    if (name !== undefined) this.names.set(name, this.groupCount)
    return this.#skip(text, '(')
  }

  #reference(text: string, name: string): string {
    const group = this.names.get(name)
    if (group === undefined) throw valueError(`unknown group name '${name}'`)
    return this.#skip(text, `(?:\\${group})`)
  }

  #localFlags(found: RegExpExecArray): string {
    const [text, on = '', off = ''] = found
    const kept = /[ims]/gu
    const letters = (on.match(kept) ?? []).join('')
    const lowered = (off.match(kept) ?? []).join('')
    const changes = letters + (lowered === '' ? '' : `-${lowered}`)
    return this.#skip(text, changes === '' ? '(?:' : `(?${changes}:`)
  }

  #skip(text: string, out: string): string {
    this.#at += text.length
    return out
  }

  #escape(isInSet: boolean): string {
    const letter = this.#source[this.#at + 1]
    if (letter === undefined)
      throw valueError(`bad escape (end of pattern) at position ${this.#at}`)
    const numeric = this.#numericEscape(isInSet)
    if (numeric !== undefined) return numeric
    this.#at += 2
    if (!this.#isAscii) {
      const known = CLASSES[letter.toLowerCase()]
      if (known !== undefined && letter === letter.toLowerCase())
        return isInSet ? known : `[${known}]`
      if (known !== undefined && !isInSet) return `[^${known}]`
    }
    if ('wWdDsS'.includes(letter)) return `\\${letter}`
    if (!isInSet) {
      if (letter === 'A') return '(?<![\\s\\S])'
      if (letter === 'Z') return '(?![\\s\\S])'
      if (letter === 'b') return wordEdge('=')
      if (letter === 'B') return wordEdge('!')
    }
    const control: Readonly<Record<string, string>> = {
      n: '\\n',
      r: '\\r',
      t: '\\t',
      f: '\\f',
      v: '\\v',
      a: '\\u0007',
      b: '\\u0008',
    }
    const known = Object.hasOwn(control, letter) ? control[letter] : undefined
    if (known !== undefined) return known
    if (/[A-Za-z]/u.test(letter))
      throw valueError(`bad escape \\${letter} at position ${this.#at - 2}`)
    return quoteCharacter(this.#wholeCharacter(letter), isInSet)
  }

  #wholeCharacter(unit: string): string {
    const code = this.#source.codePointAt(this.#at - 1) ?? 0
    if (code <= 0xffff) return unit
    this.#at += 1
    return String.fromCodePoint(code)
  }

  #numericEscape(isInSet: boolean): string | undefined {
    const rest = this.#source.slice(this.#at)
    const hex = /^\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8}))/iu.exec(rest)
    if (hex)
      return this.#skip(hex[0], codeEscape(Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '0', 16)))
    const octal = (isInSet ? /^\\([0-7]{1,3})/u : /^\\(0[0-7]{0,2}|[1-3][0-7]{2})/u).exec(rest)
    if (octal) return this.#skip(octal[0], codeEscape(Number.parseInt(octal[1] ?? '0', 8)))
    const back = /^\\([1-9]\d?)/u.exec(rest)
    if (!back || isInSet) return undefined
    if (Number(back[1]) > this.groupCount)
      throw valueError(`invalid group reference ${back[1] ?? ''} at position ${this.#at + 1}`)
    return this.#skip(back[0], `(?:\\${back[1] ?? ''})`)
  }

  #set(): string {
    this.#at += 1
    let out = '['
    if (this.#source[this.#at] === '^') out += this.#skip('^', '^')
    let isFirst = true
    for (;;) {
      const character = this.#source[this.#at]
      if (character === undefined) throw valueError('unterminated character set at position 0')
      if (character === ']' && !isFirst) break
      out += character === '\\' ? this.#escape(true) : this.#member(isFirst)
      isFirst = false
    }
    this.#at += 1
    return `${out}]`
  }

  #member(isFirst: boolean): string {
    const code = this.#source.codePointAt(this.#at) ?? 0
    const character = String.fromCodePoint(code)
    this.#at += character.length
    if (character !== '-') return '[]^\\'.includes(character) ? `\\${character}` : character
    const isRange = !isFirst && this.#source[this.#at] !== ']' && !this.#followsClass()
    return isRange ? '-' : '\\-'
  }

  /** A dash beside `\w` and its like is only a dash. */
  #followsClass(): boolean {
    const before = this.#source.slice(0, this.#at - 1)
    return (
      /\\[wWdDsS]$/u.test(before) ||
      /^\\[wWdDsS]/u.test(this.#source.slice(this.#at)) ||
      /\[\^?$/u.test(before)
    )
  }
}

function wordEdge(kind: '=' | '!'): string {
  const word = `[${CLASSES['w'] ?? ''}]`
  const edge = `(?<=${word})(?!${word})|(?<!${word})(?=${word})`
  return kind === '=' ? `(?:${edge})` : `(?!${edge})`
}

function codeEscape(code: number): string {
  return `\\u{${code.toString(16)}}`
}

function quoteCharacter(character: string, isInSet: boolean): string {
  if (character === '-') return isInSet ? '\\-' : '-'
  return /[\\^$.*+?()[\]{}|/]/u.test(character) ? `\\${character}` : character
}
