/**
 * YAML as PyYAML and Ansible read it: 1.1 scalars, merge keys, `!vault` and `!unsafe`, with the place of every key.
 */
import { LineCounter, isMap as isMapNode, parseAllDocuments, visit } from 'yaml'
import type { Document, YAMLParseError } from 'yaml'
import { ErrandError, sentenceOf } from '../proto/errors.ts'
import type { MapKey, Value } from '../proto/value.ts'
import { templateForSealed, templateForText } from './yaml/as-data.ts'
import { ValueBuilder } from './yaml/build-value.ts'
import { explainSyntax, quoteHint } from './yaml/explain.ts'
import { indentFlow } from './yaml/indent-flow.ts'
import { Places } from './yaml/places.ts'
import { Problems } from './yaml/problems.ts'
import { Vault } from './yaml/vault.ts'

/** A document's value, and where its parts stand in the file. */
export interface YamlDocument {
  readonly file: string
  readonly text: string
  readonly value: Value
  readonly places: Places
  /** Sentences with their place: keys that are there twice. */
  readonly warnings: readonly string[]
}

export interface YamlOptions {
  /** Opens `!vault` values. Without it they are an error. */
  readonly vault?: Vault
}

/**
 * Reads a file with one document; an empty one is null.
 *
 * @throws {ErrandError} `syntax` with all that is wrong, each with place, line and caret.
 */
export function parseYaml(text: string, file: string, options: YamlOptions = {}): YamlDocument {
  const [first, second] = parseYamlDocuments(text, file, options)
  if (second !== undefined) {
    throw new ErrandError('syntax', `${file}: expected one YAML document, got several`)
  }
  return (
    first ?? { file, text, value: null, places: new Places(file, new LineCounter()), warnings: [] }
  )
}

/**
 * Reads every document of a text.
 *
 * @throws {ErrandError} `syntax`, as {@link parseYaml}.
 */
export function parseYamlDocuments(
  text: string,
  file: string,
  options: YamlOptions = {},
): readonly YamlDocument[] {
  const reader = new Reader(text, file, options)
  return reader.read()
}

class Reader {
  readonly #text: string
  readonly #file: string
  readonly #vault: Vault
  readonly #problems = new Problems()
  #places: Places
  /** Of the text as it was parsed. */
  #length = 0

  constructor(text: string, file: string, options: YamlOptions) {
    this.#text = text
    this.#file = file
    this.#vault = options.vault ?? new Vault([])
    this.#places = new Places(file, new LineCounter())
    this.#problems.addText(file, text)
  }

  read(): readonly YamlDocument[] {
    const text = this.#text.replace(/^\uFEFF/u, '')
    const strict = parse(text)
    const lax = hasErrors(strict) ? parse(indentFlow(text)) : strict
    const { documents, lines, length } = hasErrors(lax) ? strict : lax
    this.#length = length
    this.#places = new Places(this.#file, lines)
    for (const document of documents) this.#collectSyntax(document)
    this.#problems.throwIfAny()
    const built = documents.map((document) => this.#build(document))
    this.#problems.throwIfAny()
    return built
  }

  #collectSyntax(document: Document): void {
    const lines = new Set<number>()
    for (const error of document.errors) {
      const place = this.#places.at(error.pos[0])
      if (lines.has(place.line) || (lines.size > 0 && isLost(error))) continue
      lines.add(place.line)
      this.#problems.add(place, explainSyntax(error, this.#lineText(place.line)))
    }
    visit(document, {
      Map: (_key, node) => {
        const inner = node.items[0]?.key
        if (node.flow !== true || !isMapNode(inner) || inner.flow !== true) return undefined
        const place = this.#places.at(node.range?.[0] ?? 0)
        const hint =
          quoteHint(this.#lineText(place.line)) ?? 'a mapping cannot be a key: quote {{ … }}'
        if (!lines.has(place.line)) this.#problems.add(place, hint)
        lines.add(place.line)
        return visit.SKIP
      },
    })
  }

  #build(document: Document): YamlDocument {
    const warnings: string[] = []
    const say = (offset: number, message: string) => {
      this.#problems.add(this.#places.at(offset), message)
    }
    const builder = new ValueBuilder(document, {
      places: this.#places,
      onProblem: say,
      onDuplicate: (offset, key) => {
        const { line, column } = this.#places.at(offset)
        warnings.push(
          `While constructing a mapping from ${this.#file}, line ${line}, column ${column}, ` +
            `found a duplicate dict key (${keyText(key)}). Using last defined value only.`,
        )
      },
      isCutAt: (offset) => offset >= this.#length && !this.#text.endsWith('\n'),
      openVault: (envelope, offset) => this.#openVault(envelope, offset),
    })
    const value = builder.build()
    return { file: this.#file, text: this.#text, value, places: this.#places, warnings }
  }

  #openVault(envelope: string, offset: number): string {
    try {
      return templateForText(this.#vault.open(envelope, 'this value'))
    } catch (error) {
      if (error instanceof ErrandError && error.code === 'denied') {
        return templateForSealed(this.#vault.hasSecrets)
      }
      this.#problems.add(this.#places.at(offset), sentenceOf(error))
      return ''
    }
  }

  #lineText(line: number): string {
    return this.#text.split(/\r?\n/u)[line - 1] ?? ''
  }
}

/** A key as Python prints it. */
function keyText(key: MapKey): string {
  if (key === null) return 'None'
  if (typeof key === 'boolean') return key ? 'True' : 'False'
  return String(key)
}

interface Parsed {
  readonly documents: readonly Document[]
  readonly lines: LineCounter
  readonly length: number
}

function parse(text: string): Parsed {
  const lines = new LineCounter()
  const found = parseAllDocuments(text, {
    version: '1.1',
    schema: 'failsafe',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    stringKeys: false,
    lineCounter: lines,
    logLevel: 'silent',
  })
  return { documents: Array.isArray(found) ? found : [], lines, length: text.length }
}

/** After an error that left the reader outside of everything, each line that follows is one more: they tell nothing. */
function isLost({ message }: YAMLParseError): boolean {
  return message.includes('token in YAML stream')
}

function hasErrors({ documents }: Parsed): boolean {
  return documents.some(({ errors }) => errors.length > 0)
}
