import { textOf } from './arguments.ts'
import { newMap } from '../../proto/value.ts'
import type { Value, ValueMap } from '../../proto/value.ts'
import { askProgram, noProgram } from './program.ts'
import type { GivenArguments, HostCall, HostModule, OptionTable } from './module.ts'
import { quoteWord, shellWords } from './shell-words.ts'

/** The words of the command are one argument of the module among others. */
function toldArgs(usesShell: boolean) {
  return ({ map, freeForm }: GivenArguments): ValueMap => {
    const line = freeForm ?? map.get('cmd')
    const words = line === undefined || line === '' ? null : line
    return newMap([...map, ['_raw_params', words], ['_uses_shell', usesShell]])
  }
}

const options: OptionTable = {
  cmd: { type: 'str', isOurs: true },
  argv: { type: 'list' },
  chdir: { type: 'path' },
  executable: { type: 'str' },
  creates: { type: 'path' },
  removes: { type: 'path' },
  stdin: { type: 'str' },
  stdin_add_newline: { type: 'bool', default: true },
  strip_empty_ends: { type: 'bool', default: true },
}

/** Runs a program by its words, without a shell. */
export const command: HostModule = {
  kind: 'host',
  name: 'command',
  legacyName: 'ansible.legacy.command',
  isFreeForm: true,
  options,
  toldArgs: toldArgs(false),
  ask: async (call) => {
    const line = commandLine(call)
    const argv = listArgument(call)
    if (line !== undefined && argv !== undefined)
      return noProgram('only command or argv can be given, not both')
    const words = line === undefined ? argv : shellWords(line)
    if (words === undefined || words.length === 0) return noProgram('no command given')
    return askProgram({ argv: expanded(words), cmd: words, call })
  },
}

/** Runs a command line by /bin/sh or another shell. */
export const shell: HostModule = {
  kind: 'host',
  name: 'shell',
  legacyName: 'ansible.legacy.command',
  isFreeForm: true,
  options,
  toldArgs: toldArgs(true),
  ask: async (call) => {
    const line = commandLine(call)
    const argv = listArgument(call)
    if (line !== undefined && argv !== undefined)
      return noProgram('only command or argv can be given, not both')
    const text = line ?? argv?.join(' ')
    if (text === undefined) return noProgram('no command given')
    const program = textOf(call.args.get('executable') ?? '/bin/sh')
    return askProgram({ argv: [program, '-c', text], cmd: text, call })
  },
}

/** The words written straight after the module, or its `cmd`; undefined when empty. */
export function commandLine(call: HostCall): string | undefined {
  const cmd = call.args.get('cmd')
  const line = call.freeForm ?? (cmd === undefined ? undefined : textOf(cmd))
  return line === undefined || line.trim() === '' ? undefined : line
}

function listArgument(call: HostCall): readonly string[] | undefined {
  const argv = call.args.get('argv')
  return Array.isArray(argv) && argv.length > 0
    ? argv.map((word: Value) => textOf(word))
    : undefined
}

/**
 * Ansible replaces `$NAME`, `${NAME}` and a leading `~` in the words of a command, on the host. Only its own
 * environment can tell, so a shell there puts them in; words without any stay as they are.
 */
function expanded(words: readonly string[]): readonly string[] {
  if (!words.some((word) => variable.test(word) || word.startsWith('~'))) return words
  return ['/bin/sh', '-c', `exec ${words.map(shellWord).join(' ')}`]
}

const variable = /\$(?:\w+|\{\w+\})/u

function shellWord(word: string): string {
  const home = /^~([a-z_][\w-]*)?(?=\/|$)/u.exec(word)?.[0] ?? ''
  const parts = word.slice(home.length).split(/(\$(?:\w+|\{\w+\}))/u)
  const rest = parts.map((part, index) => (index % 2 === 0 ? quotePart(part) : variablePart(part)))
  return (home === '~' ? '"$HOME"' : home) + rest.join('')
}

function quotePart(part: string): string {
  return part === '' ? '' : quoteWord(part)
}

/** A name that the environment does not have stays as it was written. */
function variablePart(part: string): string {
  const name = part.replace(/[${}]/gu, '')
  const kept = part.replaceAll(/[$}]/gu, String.raw`\$&`)
  return /^\d/u.test(name) ? quoteWord(part) : `"\${${name}-${kept}}"`
}
