import { stringifyJson } from '../../proto/json-text.ts'
import { isList, isMap, newMap } from '../../proto/value.ts'
import type { MutableMap, Value, ValueMap } from '../../proto/value.ts'
import type { YamlDocument } from '../yaml.ts'
import {
  blockKeywords,
  handlerKeywords,
  importPlaybookKeywords,
  listKeywords,
  playKeywords,
  structureKeywords,
} from './keywords.ts'
import { describe } from './load-session.ts'
import type { LoadSession } from './load-session.ts'
import { nearest, suggestion } from './nearest.ts'
import type { Place } from '../yaml/place.ts'

/** What every node has, but its id. */
export interface NodeParts {
  readonly place: Place
  readonly name: string | undefined
  readonly keywords: MutableMap
  readonly vars: ValueMap
}

export interface NodeForm {
  /** Ansible's name of such a node, for its sentences: Play, Block, Task … */
  readonly title: string
  readonly allowed: ReadonlySet<string>
  /** Keys that something else reads: a module, `with_items`, a role's parameters. */
  readonly ignored: (key: string) => boolean
}

const allKeywords: ReadonlySet<string> = new Set([
  ...playKeywords,
  ...blockKeywords,
  ...handlerKeywords,
  ...importPlaybookKeywords,
])

/** Keywords of all kinds of nodes whose value is one text. */
const textKeywords = [
  'name',
  'connection',
  'remote_user',
  'become_method',
  'become_user',
  'become_flags',
  'become_exe',
  'delegate_to',
  'register',
]

/** Reads the keywords, the name and the variables of a node; reports keys that may not be there. */
export class NodeParser {
  readonly #session: LoadSession

  constructor(session: LoadSession) {
    this.#session = session
  }

  parse(map: ValueMap, document: YamlDocument, form: NodeForm): NodeParts {
    const keywords = newMap()
    for (const [written, value] of map) {
      const key = String(written)
      if (form.ignored(key)) continue
      if (!form.allowed.has(key)) {
        this.#session.report(document.places.ofKey(map, written), wrongKeyword(key, form))
      } else if (!structureKeywords.has(key)) {
        keywords.set(key, listKeywords.has(key) ? asList(value) : value)
      }
    }
    for (const key of textKeywords) if (!form.ignored(key)) this.#checkText(map, key, document)
    return {
      place: document.places.of(map),
      name: nameText(map.get('name')),
      keywords,
      vars: this.#vars(map, document, form.title),
    }
  }

  #checkText(map: ValueMap, key: string, document: YamlDocument): void {
    const value = map.get(key)
    if (!isList(value) && !isMap(value)) return
    this.#session.report(
      document.places.ofValue(map, key),
      `The field '${key}' is supposed to be a string type, got ${describe(value)}`,
    )
  }

  #vars(map: ValueMap, document: YamlDocument, title: string): ValueMap {
    const written = map.get('vars')
    if (!map.has('vars') || written === null || written === undefined) return newMap()
    const parts = isList(written) ? written : [written]
    const vars = newMap()
    for (const part of parts) {
      if (isMap(part)) this.#addVars(vars, part, { document, title })
      else {
        this.#session.report(
          document.places.ofValue(map, 'vars'),
          `vars is a mapping of names to values, got ${describe(part)}`,
        )
      }
    }
    return vars
  }

  #addVars(
    vars: MutableMap,
    part: ValueMap,
    at: { readonly document: YamlDocument; readonly title: string },
  ): void {
    for (const [name, value] of part) {
      if (typeof name === 'string' && isVariableName(name)) vars.set(name, value)
      else {
        this.#session.report(
          at.document.places.ofKey(part, name),
          `'${String(name)}' is not a valid variable name in the vars of a ${at.title}`,
        )
      }
    }
  }
}

function wrongKeyword(key: string, form: NodeForm): string {
  if (allKeywords.has(key)) return `'${key}' is not a valid attribute for a ${form.title}`
  return `unknown keyword "${key}"${suggestion(nearest(key, form.allowed))}`
}

/** One value as a list of one; nothing as an empty list. */
export function asList(value: Value | undefined): readonly Value[] {
  if (value === null || value === undefined) return []
  return isList(value) ? value : [value]
}

function nameText(value: Value | undefined): string | undefined {
  if (value === null || value === undefined) return undefined
  return typeof value === 'object' ? stringifyJson(value) : String(value)
}

const pythonKeywords = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
)

/** Whether Ansible takes `name` for a variable: an identifier of Python, in ASCII, and no word of Python. */
export function isVariableName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/u.test(name) && !pythonKeywords.has(name)
}
