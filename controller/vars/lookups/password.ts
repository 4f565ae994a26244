import { randomInt } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { isList, newMap } from '../../../proto/value.ts'
import type { Value } from '../../../proto/value.ts'
import { parseKeyValues } from '../../playbook/split-args.ts'
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

/** A password that is made once and kept in a file: `path length=15 chars=ascii_letters,digits`. */
export function password(call: LookupCall): readonly Value[] {
  return textTerms(call).map((term) => {
    const { map, raw = '' } = parseKeyValues(term, false)
    const options = newMap([...call.options, ...map])
    if (options.get('encrypt') !== undefined && options.get('encrypt') !== null) {
      throw new LookupFailure(
        'encrypt is not supported: use the filter password_hash on the password',
      )
    }
    const make = () =>
      generate(Number(toText(options.get('length') ?? 20)), alphabet(options.get('chars') ?? null))
    return raw === '/dev/null'
      ? make()
      : kept(resolve(pathOf(call).at(-1) ?? call.world.cwd, raw), make)
  })
}

function kept(path: string, make: () => string): string {
  if (existsSync(path))
    return readFileSync(path, 'utf8')
      .trimEnd()
      .replace(/ (?:salt|ident)=.*$/u, '')
  const made = make()
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(path, `${made}\n`, { mode: 0o600, flag: 'wx' })
  return made
}

function generate(length: number, characters: string): string {
  return Array.from({ length }, () => characters.charAt(randomInt(characters.length))).join('')
}

/** Names of alphabets and characters themselves, in a list or with commas between (`,,` is a comma). */
function alphabet(chars: Value): string {
  if (chars === null) return `${letters}${digits}.,:-_`
  const text = isList(chars) ? undefined : toText(chars)
  const parts = isList(chars)
    ? chars.map(toText)
    : [...(text?.includes(',,') ? [','] : []), ...(text ?? '').replace(',,', ',').split(',')]
  return [
    ...new Set(
      parts
        .filter((part) => part !== '')
        .map((part) => alphabets[part] ?? part)
        .join(''),
    ),
  ].join('')
}
