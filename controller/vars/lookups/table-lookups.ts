import { newMap } from '../../../proto/value.ts'
import type { Value, ValueMap } from '../../../proto/value.ts'
import { parseKeyValues } from '../../playbook/split-args.ts'
import { toText } from '../../template/templates.ts'
import { findOrThrow, textTerms } from './lookup-call.ts'
import { LookupFailure } from '../../template/scope.ts'
import type { FileFailure, Lookup, LookupCall } from './lookup-call.ts'

/** Lookups of one value in a file of many. */
export const tableLookups: Readonly<Record<string, Lookup>> = { ini, csvfile }

const iniFile: FileFailure = {
  folder: 'files',
  said: () => "Invalid filename: 'None'",
  pythonClass: 'AnsibleParserError',
}
const csvFile: FileFailure = {
  folder: 'files',
  said: () => "csvfile: [Errno 2] No such file or directory: b'None'",
}

interface Question {
  readonly key: string
  readonly option: (name: string, fallback: string) => string
  readonly options: ValueMap
}

/** `key file=x section=y`: options may stand in the term. */
function question(term: string, call: LookupCall): Question {
  const { map, raw = '' } = parseKeyValues(term, false)
  const options = newMap([...call.options, ...map])
  const option = (name: string, fallback: string) => {
    const value = options.get(name)
    return value === undefined || value === null ? fallback : toText(value)
  }
  return { key: raw, option, options }
}

function ini(call: LookupCall): readonly Value[] {
  return textTerms(call).flatMap((term) => {
    const { key, option, options } = question(term, call)
    const isProperties = option('type', 'ini') === 'properties'
    const path = findOrThrow(call, option('file', 'ansible.ini'), iniFile)
    const sections = readIniFile(
      call.world.files.readText(path),
      isProperties ? 'global' : undefined,
    )
    const section =
      sections.get(isProperties ? 'global' : option('section', 'global')) ??
      new Map<string, string>()
    if (option('re', 'false').toLowerCase() === 'true') {
      const pattern = new RegExp(`^${key}`, 'u')
      return [...section].filter(([name]) => pattern.test(name)).map(([, value]) => value)
    }
    return (
      section.get(key) ??
      section.get(key.toLowerCase()) ??
      (options.has('default') ? (options.get('default') ?? '') : '')
    )
  })
}

function readIniFile(text: string, first: string | undefined): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>()
  let section = first === undefined ? undefined : new Map<string, string>()
  if (first !== undefined && section) sections.set(first, section)
  for (const line of text.split(/\r?\n/u)) {
    if (/^\s*(?:[#;]|$)/u.test(line)) continue
    const name = /^\s*\[([^\]]+)\]/u.exec(line)?.[1]
    if (name !== undefined) {
      section = sections.get(name) ?? new Map<string, string>()
      sections.set(name, section)
      continue
    }
    const [, key, value] = /^\s*([^=:]+?)\s*[=:]\s*(.*?)\s*$/u.exec(line) ?? []
    if (key !== undefined) section?.set(key, value ?? '')
  }
  return sections
}

function csvfile(call: LookupCall): readonly Value[] {
  return textTerms(call).flatMap((term) => {
    const { key, option, options } = question(term, call)
    if (key === '') throw new LookupFailure('Search key is required but was not found')
    const written = option('delimiter', 'TAB')
    const delimiter = written === 'TAB' || written === '\\t' ? '\t' : written
    const column = Number(option('col', '1'))
    const keyColumn = Number(option('keycol', '0'))
    const path = findOrThrow(call, option('file', 'ansible.csv'), csvFile)
    const row = readCsv(call.world.files.readText(path), delimiter).find(
      (cells) => cells[keyColumn] === key,
    )
    const value = row?.[column] ?? options.get('default')
    return value === undefined || value === null ? [] : [value]
  })
}

function readCsv(text: string, delimiter: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]]
  const cell = /"((?:[^"]|"")*)"|([^"\r\n]?[^\r\n]*?)(?=\r|\n|$)/u
  for (const line of text.split(/\r?\n/u)) {
    const cells: string[] = []
    let rest = line
    while (rest !== '') {
      const quoted = rest.startsWith('"') ? cell.exec(rest)?.[1] : undefined
      const end =
        quoted === undefined ? rest.indexOf(delimiter) : rest.indexOf(delimiter, quoted.length + 2)
      const raw = end < 0 ? rest : rest.slice(0, end)
      cells.push(quoted === undefined ? raw : quoted.replaceAll('""', '"'))
      rest = end < 0 ? '' : rest.slice(end + delimiter.length)
    }
    if (cells.length > 0) rows.push(cells)
  }
  return rows
}
