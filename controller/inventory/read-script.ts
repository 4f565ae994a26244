import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import { parseJson } from '../../proto/json-text.ts'
import { textEntries, isList, isMap, newMap } from '../../proto/value.ts'
import type { Value, ValueMap } from '../../proto/value.ts'
import { toText } from '../template/templates.ts'
import type { InventoryBuilder } from './inventory-builder.ts'

const run = promisify(execFile)

/** What a script answered to a command line when it was asked before, else what `ask` gives. */
export type RecallAnswer = (command: string, ask: () => Promise<string>) => Promise<string>

export interface ScriptOptions {
  readonly builder: InventoryBuilder
  /** Where it is run: the folder of who asked. */
  readonly cwd: string
  /** The variables that the script is run with. */
  readonly environment: Readonly<Record<string, string>>
  readonly recall: RecallAnswer
  readonly signal: AbortSignal
}

/** A script's answer may be this long, bytes. */
const longest = 256 * 1024 * 1024

/**
 * Asks an executable inventory: `--list`, and `--host NAME` for each host unless the answer has `_meta`.
 *
 * @throws {ErrandError} `invalid` when it fails or answers something else.
 */
export async function readScript(path: string, options: ScriptOptions): Promise<void> {
  const groups = await ask(path, ['--list'], options)
  const { builder } = options
  const hosts = new Set<string>()
  for (const [name, group] of textEntries(groups)) {
    if (name !== '_meta') addGroup(name, group, { builder, hosts, path })
  }
  const meta = groups.get('_meta')
  const known = isMap(meta) ? meta.get('hostvars') : undefined
  for (const host of hosts) {
    const vars = isMap(known)
      ? (known.get(host) ?? newMap())
      : await ask(path, ['--host', host], options)
    if (!isMap(vars)) continue
    for (const [key, value] of textEntries(vars)) builder.setHostVar(host, key, value)
  }
}

async function ask(
  path: string,
  args: readonly string[],
  options: ScriptOptions,
): Promise<ValueMap> {
  const command = `the inventory script ${[path, ...args].join(' ')}`
  const { cwd, environment: env, recall, signal } = options
  const text = await recall(command, () => output(path, args, { cwd, env, signal, command }))
  if (text.trim() === '') return newMap()
  let value: Value
  try {
    value = parseJson(text)
  } catch (cause) {
    throw new ErrandError('invalid', `${command} did not answer with JSON: ${sentenceOf(cause)}`, {
      cause,
    })
  }
  if (!isMap(value)) throw new ErrandError('invalid', `${command} must answer with a JSON object`)
  return value
}

async function output(
  path: string,
  args: readonly string[],
  options: {
    readonly cwd: string
    readonly env: Readonly<Record<string, string>>
    readonly signal: AbortSignal
    readonly command: string
  },
): Promise<string> {
  const { cwd, env, signal, command } = options
  try {
    const { stdout } = await run(path, [...args], {
      cwd,
      env,
      signal,
      maxBuffer: longest,
      encoding: 'utf8',
    })
    return stdout
  } catch (cause) {
    signal.throwIfAborted()
    const said = (cause as { stderr?: string }).stderr?.trim() ?? ''
    throw new ErrandError(
      'invalid',
      `${command} failed: ${said === '' ? sentenceOf(cause) : said}`,
      { cause },
    )
  }
}

function addGroup(
  name: string,
  group: Value,
  to: { readonly builder: InventoryBuilder; readonly hosts: Set<string>; readonly path: string },
): void {
  const { builder, hosts, path } = to
  builder.addGroup(name)
  const parts = groupParts(name, group)
  const vars = parts.get('vars') ?? newMap()
  if (!isList(parts.get('hosts') ?? []) || !isMap(vars)) {
    throw new ErrandError(
      'invalid',
      `the inventory script ${path} defines the group "${name}" with bad data`,
    )
  }
  for (const host of asTexts(parts.get('hosts'))) {
    hosts.add(host)
    builder.addHost(host, { group: name })
  }
  for (const [key, value] of textEntries(vars)) builder.setGroupVar(name, key, value)
  for (const child of asTexts(parts.get('children'))) {
    builder.addGroup(child)
    builder.addChild(name, child)
  }
}

/** The short forms: a list is hosts; a mapping with none of the three keys is the variables of a host of that name. */
function groupParts(name: string, group: Value): ValueMap {
  if (!isMap(group)) return newMap([['hosts', group ?? []]])
  const isFull = ['hosts', 'vars', 'children'].some((key) => group.has(key))
  return isFull
    ? group
    : newMap([
        ['hosts', [name]],
        ['vars', group],
      ])
}

function asTexts(value: Value | undefined): readonly string[] {
  return isList(value) ? value.map((item) => toText(item)) : []
}
