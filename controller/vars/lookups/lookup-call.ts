import { isList } from '../../../proto/value.ts'
import type { Value, ValueMap } from '../../../proto/value.ts'
import type { Inventory } from '../../inventory/inventory.ts'
import type { PluginPort } from '../../template/plugin-port.ts'
import { type LookupErrorClass, LookupFailure, Undefined } from '../../template/scope.ts'
import type { Scope } from '../../template/scope.ts'
import { toText } from '../../template/templates.ts'
import type { Templates } from '../../template/templates.ts'
import type { SourceFiles } from '../../yaml/source-files.ts'
import { findFile } from '../search-path.ts'
import type { TemplateFile } from '../template-vars.ts'

/** What lookups may reach. */
export interface LookupWorld {
  readonly files: SourceFiles
  readonly inventory: () => Inventory
  /** The variables that the user's shell had. */
  readonly environment: Readonly<Record<string, string>>
  readonly cwd: string
  readonly templates: () => Templates
  readonly templateVars: TemplateVars
  /** Lookups that errand has not itself. */
  readonly plugins: PluginPort
  readonly warn: (message: string) => void
}

/** The names that only a template file sees. */
export type TemplateVars = (file: Pick<TemplateFile, 'name' | 'path' | 'dest'>) => ValueMap

/** One use of a lookup. */
export interface LookupCall {
  readonly name: string
  readonly terms: readonly Value[]
  readonly options: ValueMap
  readonly scope: Scope
  readonly world: LookupWorld
}

export type Lookup = (call: LookupCall) => readonly Value[]

/** The terms as texts. */
export function textTerms(call: LookupCall): readonly string[] {
  return call.terms.map((term) => toText(term))
}

/** An option as text; undefined when it was not given. */
export function textOption(call: LookupCall, name: string): string | undefined {
  const value = call.options.get(name)
  return value === undefined || value === null ? undefined : toText(value)
}

/** An option as a boolean. */
export function boolOption(call: LookupCall, name: string, fallback: boolean): boolean {
  const value = call.options.get(name)
  if (value === undefined || value === null) return fallback
  return typeof value === 'boolean' ? value : /^(?:y|yes|on|1|true|t)$/iu.test(toText(value))
}

/** Folders that relative files are searched in. */
export function pathOf(call: LookupCall): readonly string[] {
  const value = call.scope.resolve('ansible_search_path')
  if (value instanceof Undefined || !isList(value)) return [call.world.cwd]
  return value.filter((part) => typeof part === 'string')
}

/** Where a lookup's file belongs, and how the lookup fails when it is not there. */
export interface FileFailure {
  readonly folder: string
  readonly said: (name: string) => string
  readonly pythonClass?: LookupErrorClass
}

/** @throws {LookupFailure} when the file is nowhere, in the words of `failure`. */
export function findOrThrow(call: LookupCall, name: string, failure: FileFailure): string {
  const where = { path: pathOf(call), folder: failure.folder, files: call.world.files }
  const found = findFile(name, where)
  if (found !== undefined) return found
  throw notFound(call, name, failure)
}

function notFound(call: LookupCall, name: string, failure: FileFailure): LookupFailure {
  call.world.warn(`Unable to find '${name}' in expected paths (use -vvvvv to see paths)`)
  return new LookupFailure(failure.said(name), failure.pythonClass)
}
