import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import {
  isList,
  isMap,
  mapOf,
  newMap,
  without,
  type Value,
  type ValueMap,
} from '../../proto/value.ts'
import { textOf } from './arguments.ts'
import { jsonText } from '../template/python/json.ts'
import { copyFolder } from './copy-folder.ts'
import { copyModuleOptions, fileOptions, optionsFor } from './copy-options.ts'
import { failure, type Answer, type Ask, type HostCall, type HostModule } from './module.ts'
import { invocationOf, withInvocation } from './invocation.ts'
import { askOperation } from './operation.ts'
import { operationArgs } from './plain-operations.ts'
import { askForFile } from './send-file.ts'

/** Puts a file, a folder or a text on the host. */
export const copy: HostModule = {
  kind: 'host',
  name: 'copy',
  legacyName: 'ansible.legacy.copy',
  isFreeForm: false,
  options: {
    ...copyModuleOptions,
    content: { type: 'raw' },
    follow: { type: 'bool' },
    decrypt: { type: 'bool', default: true, isOurs: true },
  },
  ask: async (call) => withGivenArgs(await askFor(call), call.given),
}

async function askFor(call: HostCall): Promise<Ask | Answer> {
  const src = call.args.get('src')
  const content = call.args.get('content')
  const dest = call.args.get('dest')
  const hasSource = src !== undefined && src !== ''
  if (!hasSource && content === undefined) return failure('src (or content) is required')
  if (dest === undefined || dest === '') return failure('dest is required')
  if (hasSource && content !== undefined) return failure('src and content are mutually exclusive')
  if (content !== undefined) return await copyContent(call, content)
  if (call.args.get('remote_src') === true) return copyThere(call)
  return await copyLocal(call, textOf(src ?? ''))
}

function copyThere(call: HostCall): Ask {
  const ask = askOperation('copy', operationArgs(call))
  const invocation = invocationOf(copyModuleOptions, without(call.given, ['decrypt']))
  return { ...ask, reading: { ...ask.reading, invocation } }
}

/** Where it did not come to a module on the host, the result tells the arguments as they were given. */
export function withGivenArgs(asked: Ask | Answer, given: ValueMap): Ask | Answer {
  const hidden = (text: string) => (given.has('content') ? mapOf({ content: text }) : newMap())
  const invocation = newMap([
    ...given,
    ...hidden('CENSORED: content is a no_log parameter'),
    ['module_args', newMap([...given, ...hidden('VALUE_SPECIFIED_IN_NO_LOG_PARAMETER')])],
  ])
  if (asked.kind === 'answer') return { ...asked, result: withInvocation(asked.result, invocation) }
  return { ...asked, reading: { invocation, ...asked.reading } }
}

async function copyContent(call: HostCall, content: Value): Promise<Ask | Answer> {
  const dest = textOf(call.args.get('dest') ?? '')
  if (dest.endsWith('/')) return failure('can not use content with a dir as dest')
  const text = isMap(content) || isList(content) ? jsonText(content) : textOf(content)
  return await askForFile(call, {
    content: Buffer.from(text, 'utf8'),
    basename: undefined,
    dest,
    shownAs: dest,
    given: call.given,
    options: fileOptions(call.args),
  })
}

async function copyLocal(call: HostCall, src: string): Promise<Ask | Answer> {
  const path = call.files.find('files', src)
  const dest = textOf(call.args.get('dest') ?? '')
  if ((await stat(path)).isDirectory()) return await copyFolder(call, { src, path, dest })
  return await askForFile(call, {
    content: { path },
    basename: basename(path),
    dest,
    shownAs: path,
    given: call.given,
    options: await optionsFor(call, path),
  })
}
