import { isAbsolute } from 'node:path'
import { isList, isMap } from '../../../proto/value.ts'
import type { Value } from '../../../proto/value.ts'
import { joinAsWritten } from '../../playbook/join-as-written.ts'
import type { SourceFiles } from '../../yaml/source-files.ts'
import { findFile } from '../search-path.ts'
import { boolOption, pathOf, textOption } from './lookup-call.ts'
import { LookupFailure } from '../../template/scope.ts'
import type { LookupCall } from './lookup-call.ts'

/** The option by which a loop says whether its task means `files`, `templates` or `vars`. */
export const foundFolder = '_folder'

interface Search {
  readonly names: readonly string[]
  readonly isSkipping: boolean
}

/** The first of several files that is there: names, or maps with `files`, `paths` and `skip`. */
export function firstFound(call: LookupCall): readonly Value[] {
  const searches = call.terms.map((term) => read(term, call))
  const fromOptions = call.options.get('files') === undefined ? [] : [read(call.options, call)]
  const all = [...searches, ...fromOptions]
  const isSkipping = boolOption(call, 'skip', false) || all.some((search) => search.isSkipping)
  for (const name of all.flatMap((search) => search.names)) {
    const found = find(call, name)
    if (found !== undefined) return [found]
  }
  if (isSkipping) return []
  throw new LookupFailure('No file was found when using first_found.', 'AnsibleLookupError')
}

function read(term: Value, call: LookupCall): Search {
  if (isList(term)) {
    const parts = term.map((item) => read(item, call))
    return {
      names: parts.flatMap((part) => part.names),
      isSkipping: parts.some((part) => part.isSkipping),
    }
  }
  if (!isMap(term)) return { names: split(term), isSkipping: false }
  const files = split(term.get('files') ?? term.get('terms') ?? null)
  const paths = split(term.get('paths') ?? null, /[,:;]/u)
  const names =
    paths.length === 0
      ? files
      : paths.flatMap((path) => files.map((file) => joinAsWritten(path, file)))
  return { names, isSkipping: term.get('skip') === true || term.get('skip') === 'true' }
}

function split(value: Value, separator = /[,;]/u): readonly string[] {
  if (isList(value)) return value.flatMap((item) => split(item, separator))
  if (typeof value !== 'string') return []
  return value
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function find(call: LookupCall, name: string): string | undefined {
  const { files, cwd } = call.world
  if (isAbsolute(name)) return isThere(name, files) ? name : undefined
  const folder = textOption(call, foundFolder) ?? 'files'
  const found = findFile(name, { path: pathOf(call), folder, files })
  if (found !== undefined) return found
  const beside = joinAsWritten(cwd, name)
  return isThere(beside, files) ? beside : undefined
}

function isThere(path: string, files: SourceFiles): boolean {
  return files.isFile(path) || files.isDirectory(path)
}
