import { parseJson, stringifyJson } from '../../proto/json-text.ts'
import {
  mapOf,
  isList,
  isMap,
  newMap,
  type MutableMap,
  type Value,
  type ValueMap,
} from '../../proto/value.ts'
import { executable, withJsonArgs } from '../packer/executable.ts'
import type { PackedModule } from '../run/ports.ts'
import { textOf } from './arguments.ts'
import type { Ask, Finished, HostCall, HostModule } from './module.ts'
import { outputText } from './output-text.ts'
import { exitCodeOfProgram } from './program.ts'

/** A module that errand has not itself: packed on the controller, sent to a host once, run there as a job. */
export function installedModule(name: string): HostModule {
  return {
    kind: 'host',
    name,
    isFreeForm: false,
    options: 'any',
    ask: (call) => askInstalled(call, { name, calledAs: call.module, args: call.args }),
  }
}

/** An installed module and what it is given. */
export interface InstalledCall {
  readonly name: string
  /** The name in its own sentences; by default the one that Ansible's own actions call modules by. */
  readonly calledAs?: string
  readonly args: ValueMap
  /** A file or folder on the host that goes when the module has ended. */
  readonly removes?: string
  /** Warnings that go with its result. */
  readonly notes?: readonly string[]
  /** The Python that runs it, where it is not that of the task's host. */
  readonly interpreter?: string
}

/**
 * Asks for an installed module.
 *
 * @throws {ErrandError} `not_found` when there is none of that name; `unsupported` or `invalid` when it cannot be packed.
 */
export async function askInstalled(
  call: HostCall,
  { name, calledAs, args, removes, notes = [], interpreter: python }: InstalledCall,
): Promise<Ask> {
  const packed = await call.pack(name)
  const interpreter = python ?? interpreterOf(call)
  const named = newMap([...args, ...ownArguments(call, calledAs ?? `ansible.legacy.${name}`)])
  const stdin = argumentsFor(packed, { args, named })
  const program = packed.kind === 'json_args' ? withJsonArgs(packed, stringifyJson(named)) : packed
  const content = executable(program, {
    interpreter,
    ...(removes === undefined ? {} : { removes }),
  })
  return {
    kind: 'ask',
    work: {
      kind: 'command',
      argv: [name],
      checkOnly: false,
      uploadId: await call.upload(content, { isKept: removes === undefined }),
    },
    stdin: Buffer.from(stdin, 'utf8'),
    reading: { kind: 'installed', notes },
  }
}

/** `auto` and its kin leave the choice to the host. */
function interpreterOf(call: HostCall): string | undefined {
  const written = call.render('{{ ansible_python_interpreter | ansible.builtin.default("") }}')
  const text = written === null ? '' : textOf(written).trim()
  return text === '' || text.startsWith('auto') ? undefined : text
}

function argumentsFor(
  packed: PackedModule,
  { args, named }: { readonly args: ValueMap; readonly named: ValueMap },
): string {
  if (packed.kind === 'python') return stringifyJson({ ANSIBLE_MODULE_ARGS: named })
  if (packed.kind !== 'old') return stringifyJson(named)
  const words = [...args].map(([name, value]) => `${textOf(name)}=${quoted(value)}`)
  return words.join(' ')
}

/** As a shell reads one word. */
function quoted(value: Value): string {
  const text = textOf(value)
  return /^[\w@%+=:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`
}

/** What every module is told beside its arguments. */
function ownArguments(call: HostCall, name: string): MutableMap {
  return mapOf({
    _ansible_check_mode: call.checkMode,
    _ansible_no_log: call.noLog,
    _ansible_debug: false,
    _ansible_diff: call.diffMode,
    _ansible_verbosity: call.verbosity,
    _ansible_version: call.ansibleVersion,
    _ansible_module_name: name,
    _ansible_syslog_facility: 'LOG_USER',
    _ansible_selinux_special_fs: ['fuse', 'nfs', 'vboxsf', 'ramfs', '9p', 'vfat'],
    _ansible_string_conversion_action: 'warn',
    _ansible_socket: null,
    _ansible_shell_executable: '/bin/sh',
    _ansible_keep_remote_files: false,
    _ansible_tmpdir: null,
    _ansible_remote_tmp: '~/.ansible/tmp',
  })
}

/** What the module printed, as Ansible reads it: the first line that begins an object to the last that ends one. */
export function installedResult(notes: readonly string[], end: Finished): ValueMap {
  const result = moduleResult(end)
  return notes.length === 0 ? result : newMap([...result, ['warnings', notes]])
}

function moduleResult(end: Finished): ValueMap {
  const stdout = outputText(end.stdout)
  const stderr = outputText(end.stderr)
  const found = objectIn(stdout)
  if (!found) return noResult(end, { stdout, stderr })
  const result = withoutOwnWarning(found)
  if (result.has('results') && !isList(result.get('results'))) {
    result.set('ansible_module_results', result.get('results') ?? null)
    result.delete('results')
  }
  return result
}

/** What Ansible's own folder on a host should be like is nothing to who uses errand. */
function withoutOwnWarning(found: ValueMap): MutableMap {
  const result = newMap(found)
  const warnings = result.get('warnings')
  if (!isList(warnings)) return result
  const kept = warnings.filter(
    (one) => !(typeof one === 'string' && one.startsWith('Module remote_tmp ')),
  )
  if (kept.length > 0) result.set('warnings', kept)
  else result.delete('warnings')
  return result
}

function objectIn(text: string): ValueMap | undefined {
  const lines = text.split('\n')
  const first = lines.findIndex((line) => line.trimStart().startsWith('{'))
  const last = lines.findLastIndex((line) => line.trimEnd().endsWith('}'))
  if (first < 0 || last < first) return undefined
  try {
    const value = parseJson(lines.slice(first, last + 1).join('\n'))
    return isMap(value) ? value : undefined
  } catch {
    return undefined // told by the caller, with what came instead
  }
}

function noResult(
  end: Finished,
  { stdout, stderr }: { readonly stdout: string; readonly stderr: string },
): ValueMap {
  const rc = exitCodeOfProgram(end)
  const why =
    rc === 127
      ? 'The module failed to execute correctly, you probably need to set the interpreter.'
      : 'MODULE FAILURE'
  return newMap([
    ['changed', false],
    ['failed', true],
    ...(stderr.includes('Traceback') ? [['exception', stderr] as const] : []),
    ['module_stderr', stderr],
    ['module_stdout', stdout],
    ['msg', `${why}\nSee stdout/stderr for the exact error`],
    ['rc', rc],
  ])
}
