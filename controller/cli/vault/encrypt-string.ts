import { ErrandError } from '../../../proto/errors.ts'
import type { VaultSecret } from '../../vault/seal.ts'
import { seal } from './sealed-text.ts'

/** Flags of `errand vault encrypt_string`. */
export interface EncryptStringFlags {
  readonly name: readonly string[]
  readonly stdinName?: string
  readonly prompt?: true
  readonly showInput?: true
}

/** One text to seal. */
interface PlainString {
  readonly text: Buffer
  readonly from: 'the interactive prompt' | 'stdin' | 'the command line args'
  readonly name: string | undefined
}

/** How texts are asked for and read. */
export interface StringSources {
  readonly askHidden: (prompt: string) => Promise<string>
  readonly askShown: (prompt: string) => Promise<string>
  readonly readInput: () => Promise<Buffer>
  readonly note: (text: string) => Promise<void>
}

/** What is printed, and what stands on standard error before it. */
export interface SealedStrings {
  readonly yaml: string
  readonly notes: string
}

/** Whether the text, or one of them, comes from standard input. */
export function readsInput(words: readonly string[], { prompt, stdinName }: EncryptStringFlags) {
  const isReading = words.includes('-') || words.length === 0 || stdinName !== undefined
  if (prompt && isReading) {
    throw new ErrandError(
      'usage',
      'The --prompt option is not supported if also reading input from stdin',
    )
  }
  return isReading
}

/** The texts of the prompt, of standard input and of the command line, in this order. */
export async function plainStrings(
  words: readonly string[],
  flags: EncryptStringFlags,
  sources: StringSources,
): Promise<readonly PlainString[]> {
  const isReading = readsInput(words, flags)
  const strings: PlainString[] = []
  if (flags.prompt) strings.push(await askedFor(flags, sources))
  if (isReading) {
    const text = await sources.readInput()
    if (text.length === 0) throw new ErrandError('usage', 'stdin was empty, not encrypting')
    strings.push({ text, from: 'stdin', name: flags.stdinName })
  }
  return [...strings, ...(await givenStrings(words, flags.name, sources))]
}

async function askedFor(
  { showInput }: EncryptStringFlags,
  { askHidden, askShown }: StringSources,
): Promise<PlainString> {
  const name = await askShown('Variable name (enter for no name): ')
  const text = showInput
    ? await askShown('String to encrypt:')
    : await askHidden('String to encrypt (hidden): ')
  if (text === '') {
    throw new ErrandError(
      'usage',
      'The plaintext provided from the prompt was empty, not encrypting',
    )
  }
  const from = 'the interactive prompt'
  return { text: Buffer.from(text), from, name: name === '' ? undefined : name }
}

async function givenStrings(
  words: readonly string[],
  names: readonly string[],
  { note }: Pick<StringSources, 'note'>,
): Promise<readonly PlainString[]> {
  const texts = words.filter((word) => word !== '-')
  if (texts.includes('')) {
    const why = 'The plaintext provided from the command line args was empty, not encrypting'
    throw new ErrandError('usage', why)
  }
  if (names.length > 0 && texts.length > names.length) {
    await note(
      'The number of --name options do not match the number of args.\n' +
        `The last named variable will be "${names.at(-1)}". The rest will not have names.\n`,
    )
  }
  return texts.map((text, index) => ({
    text: Buffer.from(text),
    from: 'the command line args',
    name: names[index],
  }))
}

/** Each text as a `!vault` value that can be put into a YAML file. */
export function sealStrings(strings: readonly PlainString[], secret: VaultSecret): SealedStrings {
  const notes = strings.length > 1 ? strings.map(noteOf).join('') : ''
  const yaml = strings.map(({ text, name }) => {
    const head = `${name === undefined || name === '' ? '' : `${name}: `}!vault |`
    return [head, ...seal(text, secret).trimEnd().split('\n')].join(`\n${' '.repeat(10)}`)
  })
  return { yaml: yaml.join('\n'), notes }
}

function noteOf({ name, from }: PlainString, index: number): string {
  const which = `the string #${index + 1} from ${from}`
  if (name === undefined) return `# The encrypted version of ${which}.)\n`
  return `# The encrypted version of variable ("${name}", ${which}).\n`
}
