import { globSync, opendirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isMap, newMap } from '../../../proto/value.ts'
import type { Value } from '../../../proto/value.ts'
import { joinAsWritten } from '../../playbook/join-as-written.ts'
import type { Scope } from '../../template/scope.ts'
import { findFile } from '../search-path.ts'
import { boolOption, findOrThrow, pathOf, textOption, textTerms } from './lookup-call.ts'
import type { FileFailure, Lookup, LookupCall } from './lookup-call.ts'

/** Lookups that read the controller's files. */
export const fileLookups: Readonly<Record<string, Lookup>> = { file, unvault, template, fileglob }

const plainFile: FileFailure = {
  folder: 'files',
  said: (name: string) => `could not locate file in lookup: ${name}`,
}
const unvaulted: FileFailure = {
  folder: 'files',
  said: (name: string) => `Unable to find file matching "${name}" `,
  pythonClass: 'AnsibleParserError',
}
const templateFile: FileFailure = {
  folder: 'templates',
  said: (name: string) => `the template file ${name} could not be found for the lookup`,
}

function file(call: LookupCall): readonly Value[] {
  return textTerms(call).map((term) => {
    let text = call.world.files.readText(findOrThrow(call, term, plainFile))
    if (boolOption(call, 'lstrip', false)) text = text.trimStart()
    return boolOption(call, 'rstrip', true) ? text.trimEnd() : text
  })
}

function unvault(call: LookupCall): readonly Value[] {
  return textTerms(call).map((term) =>
    call.world.files.readText(findOrThrow(call, term, unvaulted)),
  )
}

function template(call: LookupCall): readonly Value[] {
  return textTerms(call).map((term) => {
    const path = findOrThrow(call, term, templateFile)
    const marks = {
      variableStart: textOption(call, 'variable_start_string'),
      variableEnd: textOption(call, 'variable_end_string'),
      commentStart: textOption(call, 'comment_start_string'),
      commentEnd: textOption(call, 'comment_end_string'),
    }
    const given = Object.fromEntries(Object.entries(marks).filter(([, mark]) => mark !== undefined))
    const text = call.world.files.readText(path)
    const scope = withVars(call, { term, path })
    const options = {
      name: path,
      trimBlocks: boolOption(call, 'trim_blocks', true),
      lstripBlocks: boolOption(call, 'lstrip_blocks', false),
      include: (name: string) => includedText(call, name, path),
      ...given,
    }
    const templates = call.world.templates()
    return boolOption(call, 'convert_data', true)
      ? templates.renderFileAsData(text, scope, options)
      : templates.renderFile(text, scope, options)
  })
}

function includedText(call: LookupCall, name: string, from: string): string | undefined {
  const { files } = call.world
  const beside = join(dirname(from), name)
  const where = { path: pathOf(call), folder: 'templates', files }
  const path = files.isFile(beside) ? beside : findFile(name, where)
  return path === undefined ? undefined : files.readText(path)
}

/** `template_vars` and what is said of the file are seen by the template alone. */
function withVars(call: LookupCall, file: { readonly term: string; readonly path: string }): Scope {
  const given = call.options.get('template_vars')
  const about = call.world.templateVars({ name: file.term, path: file.path, dest: undefined })
  const vars = isMap(given) ? newMap([...about, ...given]) : about
  return {
    resolve: (name) => (vars.has(name) ? (vars.get(name) ?? null) : call.scope.resolve(name)),
  }
}

function fileglob(call: LookupCall): readonly Value[] {
  return textTerms(call).flatMap((term) => {
    const folder = dirname(term)
    const below = basename(term) === term ? '' : `/${folder}`
    const folders = term.startsWith('/')
      ? [folder]
      : pathOf(call).flatMap((base) => [`${base}/files${below}`, `${base}${below}`])
    for (const place of folders) {
      if (!call.world.files.isDirectory(place)) continue
      const found = new Set(globSync(basename(term), { cwd: place }))
      const names = namesIn(place).filter((name) => found.has(name))
      const files = names
        .map((name) => joinAsWritten(place, name))
        .filter((path) => call.world.files.isFile(path))
      if (files.length > 0) return files
    }
    return []
  })
}

/** The names in a folder, in the order in which the system has them: Ansible does not sort them either. */
function namesIn(folder: string): readonly string[] {
  const names: string[] = []
  const open = opendirSync(folder)
  try {
    for (let entry = open.readSync(); entry !== null; entry = open.readSync())
      names.push(entry.name)
  } finally {
    open.closeSync()
  }
  return names
}
