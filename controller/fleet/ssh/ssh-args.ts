import { ErrandError } from '../../../proto/errors.ts'
import { splitWords } from './words.ts'

/** Options of ssh from an argument list, by their ssh_config name in lower case; the first of a name wins. */
export interface SshArgs {
  readonly options: ReadonlyMap<string, readonly string[]>
  /** -F */
  readonly configFile: string | undefined
}

/** -C, -q, -4 and the like: nothing that matters to an installation. */
const ignoredFlags = /^-[46AaCfGgKkMNnqsTtVvXxYy]+$/u
const flagOptions: Readonly<Record<string, string>> = {
  '-J': 'proxyjump',
  '-i': 'identityfile',
  '-l': 'user',
  '-p': 'port',
}
const ignoredWithValue = /^-[BbcDEeILmOPQRSWw]/u

/**
 * Reads `ansible_ssh_common_args`.
 *
 * @throws {ErrandError} `invalid` for what is no option of ssh.
 */
export function parseSshArgs(text: string): SshArgs {
  const words = splitWords(text)
  const options = new Map<string, readonly string[]>()
  let configFile: string | undefined
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (ignoredFlags.test(word)) continue
    const flag = word.slice(0, 2)
    if (!isValued(flag))
      throw new ErrandError('invalid', `ansible_ssh_common_args: "${word}" is no option of ssh`)
    const value = word.length > 2 ? word.slice(2) : words[(at += 1)]
    if (value === undefined)
      throw new ErrandError('invalid', `ansible_ssh_common_args: ${flag} needs a value`)
    if (flag === '-F') configFile ??= value
    else add(options, optionOf(flag, value))
  }
  return { options, configFile }
}

function isValued(flag: string): boolean {
  return flag === '-o' || flag === '-F' || flag in flagOptions || ignoredWithValue.test(flag)
}

function optionOf(flag: string, value: string): readonly [string, string] {
  if (flag !== '-o') return [flagOptions[flag] ?? flag, value]
  const [, name = '', rest = ''] = /^\s*([^\s=]+)\s*[\s=]\s*(.*)$/su.exec(value) ?? []
  if (name === '')
    throw new ErrandError('invalid', `ansible_ssh_common_args: -o needs Name=value, got "${value}"`)
  return [name.toLowerCase(), rest]
}

function add(
  options: Map<string, readonly string[]>,
  [name, value]: readonly [string, string],
): void {
  const present = options.get(name)
  if (name === 'identityfile') options.set(name, [...(present ?? []), value])
  else if (!present) options.set(name, [value])
}

/**
 * The jump host that a ProxyCommand of the form `ssh … -W %h:%p … HOST` stands for; inventories often say it so.
 *
 * @returns undefined for any other command.
 */
export function jumpOfProxyCommand(command: string): string | undefined {
  const words = splitWords(command)
  if (!/(?:^|\/)ssh$/u.test(words[0] ?? '')) return undefined
  const plain: string[] = []
  const values = new Map<string, string>()
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (!word.startsWith('-')) plain.push(word)
    else if (/^-[Wlpo]$/u.test(word)) values.set(word, words[(at += 1)] ?? '')
    else if (/^-W./u.test(word)) values.set('-W', word.slice(2))
    else if (!ignoredFlags.test(word)) return undefined
  }
  if (values.get('-W') !== '%h:%p' || plain.length !== 1) return undefined
  const user = values.get('-l')
  const port = values.get('-p')
  return `${user ? `${user}@` : ''}${plain[0] ?? ''}${port ? `:${port}` : ''}`
}
