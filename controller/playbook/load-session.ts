import type { Value } from '../../proto/value.ts'
import type { YamlDocument } from '../yaml.ts'
import { Problems } from '../yaml/problems.ts'
import type { SourceFiles } from '../yaml/source-files.ts'
import type { ParentNode, RoleUse } from './playbook.ts'
import type { Place } from '../yaml/place.ts'

/** What a loader knows of the world for as long as it lives. */
export interface LoaderOptions {
  readonly files: SourceFiles
  /** Folders to search for roles after `roles/` beside the playbook, absolute. */
  readonly rolesPath: readonly string[]
  /** Folders that hold `ansible_collections`, absolute. */
  readonly collectionsPath: readonly string[]
  /** Whether there is a module of this name, as written. */
  readonly knownModules: (name: string) => boolean
  /** The module that a misspelt name was probably meant to be. */
  readonly nearestModule: (name: string) => string | undefined
  /** Says what is worth a warning in the files. */
  readonly warn: (message: string) => void
  /** Whether there is a lookup of this name, for `with_NAME`. */
  readonly knownLookups: (name: string) => boolean
  /** Told of the folder of each playbook, and of each role of no collection, that is read: plugins may lie in it. */
  readonly onFolder?: (folder: string) => void
  /**
   * The text that a template in the name of an import stands for, with the variables that `node` sees before
   * anything runs.
   */
  readonly renderStatic: (template: string, node: ParentNode | undefined) => string
}

/** One call of the loader: what it has found wrong, and how it reads files. */
export class LoadSession {
  readonly options: LoaderOptions
  readonly problems = new Problems()

  constructor(options: LoaderOptions) {
    this.options = options
  }

  /** Reads a file of YAML and keeps its text for what will be said of it. */
  open(path: string): YamlDocument {
    const document = this.options.files.parse(path)
    this.problems.addText(path, document.text)
    return document
  }

  report(place: Place, message: string): void {
    this.problems.add(place, message)
  }

  /** For what a file names and is not there. */
  reportMissing(place: Place, message: string): void {
    this.problems.add(place, message, { isMissing: true })
  }
}

/** Where a node is being read. */
export interface Where {
  readonly document: YamlDocument
  /** The id of what is read; children add to it. */
  readonly id: string
  readonly parent: ParentNode
  readonly role: RoleUse | undefined
  readonly isHandler: boolean
}

/** What a value is, for a sentence. */
export function describe(value: Value | undefined): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  return JSON.stringify(String(value))
}
