/** In which ways a text may be written. */
export interface ScalarAnalysis {
  readonly isMultiline: boolean
  readonly isFlowPlain: boolean
  readonly isBlockPlain: boolean
  readonly isSingleQuoted: boolean
  /** Of many lines, and such that they can stand as they are. */
  readonly isLiteral: boolean
}

const FIRST = new Set(Array.from('#,[]{}&*!|>\'"%@`'))
const INNER_FLOW = new Set(Array.from(',?[]{}'))
const BREAKS = new Set(['\r', '\n', '\u0085', '\u2028', '\u2029'])

/** True for the characters that YAML counts as line breaks. */
export function isBreak(character: string | undefined): boolean {
  return character !== undefined && BREAKS.has(character)
}

/** True for what libyaml prints as it is. */
export function isPrintable(character: string): boolean {
  const code = character.codePointAt(0) ?? 0
  if (code === 0x0a || (code >= 0x20 && code <= 0x7e)) return true
  if (code < 0xa0 || code === 0xfeff) return false
  return code < 0xd800 || (code >= 0xe000 && code <= 0xfffd)
}

function isBlankOrEnd(character: string | undefined): boolean {
  return character === undefined || character === ' ' || character === '\t' || isBreak(character)
}

/** Looks a text over, as libyaml does before it picks a style. */
export function analyzeScalar(text: string): ScalarAnalysis {
  if (text === '')
    return {
      isMultiline: false,
      isFlowPlain: false,
      isBlockPlain: true,
      isSingleQuoted: true,
      isLiteral: false,
    }
  const characters = Array.from(text)
  const marks = indicators(characters)
  const spaces = blanks(characters)
  const isSpecial = !characters.every(isPrintable)
  const hasBreaks = characters.some(isBreak)
  const isPlain =
    !spaces.atEnd && !spaces.breakSpace && !spaces.spaceBreak && !isSpecial && !hasBreaks
  return {
    isMultiline: hasBreaks,
    isFlowPlain: isPlain && !marks.inFlow,
    isBlockPlain: isPlain && !marks.inBlock,
    isSingleQuoted: !spaces.breakSpace && !spaces.spaceBreak && !isSpecial,
    isLiteral: hasBreaks && !spaces.spaceBreak && !isSpecial && characters.at(-1) !== ' ',
  }
}

function indicators(characters: readonly string[]): { inFlow: boolean; inBlock: boolean } {
  const start = characters.slice(0, 3).join('')
  let inBlock = start === '---' || start === '...'
  let inFlow = inBlock
  characters.forEach((character, place) => {
    const isBefore = isBlankOrEnd(characters[place + 1])
    const isAfter = place === 0 || isBlankOrEnd(characters[place - 1])
    if (place === 0) {
      if (FIRST.has(character) || (character === '-' && isBefore)) inFlow = inBlock = true
      if (character === '?' || character === ':') {
        inFlow = true
        inBlock ||= isBefore
      }
    } else {
      inFlow ||= INNER_FLOW.has(character) || character === ':'
      inBlock ||= character === ':' && isBefore
      if (character === '#' && isAfter) inFlow = inBlock = true
    }
  })
  return { inFlow, inBlock }
}

function blanks(characters: readonly string[]): {
  atEnd: boolean
  breakSpace: boolean
  spaceBreak: boolean
} {
  const isSpaceOrBreak = (character: string | undefined): boolean =>
    character === ' ' || isBreak(character)
  let breakSpace = false
  let spaceBreak = false
  characters.forEach((character, place) => {
    const before = characters[place - 1]
    breakSpace ||= character === ' ' && isBreak(before)
    spaceBreak ||= isBreak(character) && before === ' '
  })
  return {
    atEnd: isSpaceOrBreak(characters[0]) || isSpaceOrBreak(characters.at(-1)),
    breakSpace,
    spaceBreak,
  }
}
