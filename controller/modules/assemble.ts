import { without, newMap, textEntries } from '../../proto/value.ts'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ErrandError } from '../../proto/errors.ts'
import { readBool, textOf } from './arguments.ts'
import { copyOptions } from './copy-options.ts'
import { askInstalled } from './installed-module.ts'
import { failure, type HostModule } from './module.ts'
import { askForFile } from './send-file.ts'

/** Puts a file together from those of a folder: of the host, or of the controller. */
export const assemble: HostModule = {
  kind: 'host',
  name: 'assemble',
  isFreeForm: false,
  options: 'any',
  ask: async (call) => {
    const src = call.args.get('src')
    const dest = call.args.get('dest')
    const delimiter = call.args.get('delimiter')
    const regexp = call.args.get('regexp')
    const remote = call.args.get('remote_src')
    const hidden = call.args.get('ignore_hidden')
    if (src === undefined || dest === undefined || src === null || dest === null)
      return failure('src and dest are required')
    if (remote === undefined || readBool(remote) !== false)
      return await askInstalled(call, { name: 'assemble', args: call.args })
    const content = await assembled(call.files.find('files', textOf(src)), {
      delimiter: delimiter === undefined || delimiter === null ? undefined : textOf(delimiter),
      pattern: regexp === undefined || regexp === null ? undefined : textOf(regexp),
      isHiddenIgnored: hidden === undefined ? false : readBool(hidden) === true,
    })
    const options = textEntries(call.args).filter(([name]) => Object.hasOwn(copyOptions, name))
    return await askForFile(call, {
      content,
      basename: undefined,
      dest: textOf(dest),
      shownAs: textOf(dest),
      given: without(call.given, ['remote_src']),
      options: without(newMap(options), ['src', 'dest']),
    })
  },
}

interface AssembleOptions {
  readonly delimiter: string | undefined
  readonly pattern: string | undefined
  readonly isHiddenIgnored: boolean
}

async function assembled(folder: string, options: AssembleOptions): Promise<Uint8Array> {
  const names = (await readdir(folder)).toSorted().filter((name) => isWanted(name, options))
  const delimiter = Buffer.from((options.delimiter ?? '').replaceAll(String.raw`\n`, '\n'), 'utf8')
  const parts: Uint8Array[] = []
  for (const name of names) {
    const file = join(folder, name)
    if (!(await stat(file)).isFile()) continue
    const content = await readFile(file)
    if (parts.length > 0) {
      // Each part stands on lines of its own.
      if (parts.at(-1)?.at(-1) !== 10) parts.push(Buffer.from('\n'))
      if (delimiter.length > 0)
        parts.push(delimiter, ...(delimiter.at(-1) === 10 ? [] : [Buffer.from('\n')]))
    }
    parts.push(content)
  }
  return Buffer.concat(parts)
}

function isWanted(name: string, { pattern, isHiddenIgnored }: AssembleOptions): boolean {
  if (isHiddenIgnored && name.startsWith('.')) return false
  if (pattern === undefined) return true
  try {
    return new RegExp(pattern, 'u').test(name)
  } catch (cause) {
    throw new ErrandError('invalid', `Invalid Regexp (${pattern}) given for regexp`, { cause })
  }
}
