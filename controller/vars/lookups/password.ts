import { randomInt } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { isList, newMap } from '../../../proto/value.ts'
import type { Value, ValueMap } from '../../../proto/value.ts'
import { parseKeyValues } from '../../playbook/split-args.ts'
import { passwordHash, saltOf } from '../../template/filters/password-hash.ts'
import { PythonRandom } from '../../template/python/python-random.ts'
import { toText } from '../../template/templates.ts'
import { pathOf, textTerms } from './lookup-call.ts'
import { LookupFailure } from '../../template/scope.ts'
import type { LookupCall } from './lookup-call.ts'

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const digits = '0123456789'

const alphabets: Readonly<Record<string, string>> = {
  ascii_letters: letters,
  ascii_lowercase: letters.slice(0, 26),
  ascii_uppercase: letters.slice(26),
  digits,
  hexdigits: `${digits}abcdefABCDEF`,
  octdigits: digits.slice(0, 8),
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
}

const known = ['length', 'encrypt', 'chars', 'ident', 'seed']
const anyCharacters = `${letters}${digits}.,:-_`

/** What the file of a password holds. */
interface Kept {
  readonly plain: string
  readonly salt: string | undefined
}

/** A password that is made once and kept in a file: `path length=15 chars=ascii_letters,digits`. */
export function password(call: LookupCall): readonly Value[] {
  return textTerms(call).map((term) => {
    const { map, raw = '' } = parseKeyValues(term, false)
    const odd = [...map.keys()].map(toText).filter((key) => !known.includes(key))
    if (odd.length > 0) {
      throw new LookupFailure(
        `Unrecognized parameter(s) given to password lookup: ${odd.join(', ')}`,
      )
    }
    const options = newMap([...call.options, ...map])
    const path =
      raw === '/dev/null' ? undefined : resolve(pathOf(call).at(-1) ?? call.world.cwd, raw)
    return told(path, options)
  })
}

function told(path: string | undefined, options: ValueMap): string {
  const found = path === undefined ? undefined : read(path)
  const plain = found?.plain ?? generate(options)
  const scheme = options.get('encrypt') ?? null
  if (scheme === null || scheme === '') {
    if (path !== undefined && !found) write(path, plain)
    return plain
  }
  const salt = found?.salt ?? saltOf(toText(scheme))
  if (path !== undefined && found?.salt === undefined) write(path, `${plain} salt=${salt}`)
  return passwordHash(plain, [scheme, salt])
}

function read(path: string): Kept | undefined {
  if (!existsSync(path)) return undefined
  const text = readFileSync(path, 'utf8').trimEnd()
  const at = text.lastIndexOf(' salt=')
  if (at < 0) return { plain: text, salt: undefined }
  return { plain: text.slice(0, at), salt: text.slice(at + 6).replace(/ ident=.*$/u, '') }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(path, `${text}\n`, { mode: 0o600 })
}

/** With a seed the same password each time, and the one that Python makes of it. */
function generate(options: ValueMap): string {
  const characters = Array.from(alphabet(options.get('chars') ?? null))
  const seed = options.get('seed') ?? null
  const random = seed === null ? undefined : new PythonRandom(seed)
  const length = Number(toText(options.get('length') ?? 20))
  const one = () =>
    characters[random ? random.below(characters.length) : randomInt(characters.length)] ?? ''
  return Array.from({ length }, one).join('')
}

/** Names of alphabets and characters themselves, in a list or with commas between (`,,` is a comma); never a quote. */
function alphabet(chars: Value): string {
  if (chars === null) return anyCharacters
  const text = isList(chars) ? undefined : toText(chars)
  const parts = isList(chars)
    ? chars.map(toText)
    : [...(text?.includes(',,') ? [','] : []), ...(text ?? '').replaceAll(',,', ',').split(',')]
  return parts
    .map((part) => alphabets[part] ?? part)
    .join('')
    .replaceAll(/["']/gu, '')
}
