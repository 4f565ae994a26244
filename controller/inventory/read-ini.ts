import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import type { Value } from '../../proto/value.ts'
import { Problems } from '../yaml/problems.ts'
import { expandHosts } from './host-range.ts'
import type { InventoryBuilder } from './inventory-builder.ts'
import { parsePythonLiteral } from './python-literal.ts'
import { shellWords } from './shell-words.ts'

type SectionKind = 'hosts' | 'children' | 'vars'

/** A group that was named before it was declared. */
interface Pending {
  readonly line: number
  readonly kind: 'children' | 'vars'
  readonly parents: Set<string>
}

/**
 * Reads an inventory in Ansible's INI form.
 *
 * @throws {ErrandError} `syntax` with every fault and its line.
 */
export function readIni(text: string, file: string, builder: InventoryBuilder): void {
  const problems = new Problems()
  problems.addText(file, text)
  const reader = new IniReader(builder, (line, message) => {
    problems.add({ file, line, column: 1 }, message)
  })
  text.split(/\r\n|\r|\n/u).forEach((line, index) => {
    reader.readLine(line.trim(), index + 1)
  })
  reader.finish()
  problems.throwIfAny()
}

class IniReader {
  readonly #builder: InventoryBuilder
  readonly #report: (line: number, message: string) => void
  readonly #pending = new Map<string, Pending>()
  #group = 'ungrouped'
  #kind: SectionKind = 'hosts'

  constructor(builder: InventoryBuilder, report: (line: number, message: string) => void) {
    this.#builder = builder
    this.#report = report
  }

  readLine(line: string, number: number): void {
    if (line === '' || line.startsWith('#') || line.startsWith(';')) return
    try {
      if (/^\[(?:[^:\]\s]+)(?::\w+)?\]\s*(?:#.*)?$/u.test(line)) this.#section(line, number)
      else if (line.startsWith('[') && line.endsWith(']')) {
        throw new SyntaxError(`Invalid section entry: '${line}': a group's name has no blanks`)
      } else this.#entry(line, number)
    } catch (error) {
      if (
        !(
          error instanceof SyntaxError ||
          error instanceof RangeError ||
          error instanceof ErrandError
        )
      )
        throw error
      this.#report(number, sentenceOf(error))
    }
  }

  /** Reports groups that were named but never declared. */
  finish(): void {
    for (const [name, { line, kind, parents }] of this.#pending) {
      const [parent = ''] = [...parents].slice(-1)
      this.#report(
        line,
        kind === 'vars'
          ? `Section [${name}:vars] not valid for undefined group: ${name}`
          : `Section [${parent}:children] includes undefined group: ${name}`,
      )
    }
  }

  #section(line: string, number: number): void {
    const [, name = '', kind = 'hosts'] = /^\[([^:\]\s]+)(?::(\w+))?\]/u.exec(line) ?? []
    if (kind !== 'hosts' && kind !== 'children' && kind !== 'vars') {
      throw new SyntaxError(`Section [${name}:${kind}] has unknown type: ${kind}`)
    }
    this.#group = name
    this.#kind = kind
    const pending = this.#pending.get(name)
    if (!this.#builder.hasGroup(name)) {
      if (kind === 'vars' && !pending) {
        this.#pending.set(name, { line: number, kind: 'vars', parents: new Set() })
      }
      this.#builder.addGroup(name)
    }
    if (!pending || kind === 'vars') return
    for (const parent of pending.parents) this.#builder.addChild(parent, name)
    this.#pending.delete(name)
  }

  #entry(line: string, number: number): void {
    if (this.#kind === 'hosts') this.#hosts(line)
    else if (this.#kind === 'vars') this.#variable(line)
    else this.#child(line, number)
  }

  #hosts(line: string): void {
    const [pattern = '', ...assignments] = wordsOf(line)
    const { names, port } = expandHosts(pattern)
    if (pattern.endsWith(':') && port === undefined) {
      throw new SyntaxError(
        `Invalid host pattern '${pattern}' supplied, ending in ':' is not allowed`,
      )
    }
    if (names.includes('---')) {
      throw new SyntaxError(
        "Invalid host pattern '---' supplied: this looks like a YAML file, name it .yml",
      )
    }
    const vars = assignments.map(readAssignment)
    for (const name of names) {
      this.#builder.addHost(name, { group: this.#group, port })
      for (const [key, value] of vars) this.#builder.setHostVar(name, key, value)
    }
  }

  #variable(line: string): void {
    const at = line.indexOf('=')
    if (at < 0) throw new SyntaxError(`Expected key=value, got: ${line}`)
    const name = line.slice(0, at).trim()
    this.#builder.setGroupVar(this.#group, name, iniValue(line.slice(at + 1).trim()))
  }

  #child(line: string, number: number): void {
    const [, name] = /^([^:\]\s]+)\s*(?:#.*)?$/u.exec(line) ?? []
    if (name === undefined) throw new SyntaxError(`Expected group name, got: ${line}`)
    const pending = this.#pending.get(name)
    if (this.#builder.hasGroup(name) && !pending) this.#builder.addChild(this.#group, name)
    else if (pending) pending.parents.add(this.#group)
    else
      this.#pending.set(name, { line: number, kind: 'children', parents: new Set([this.#group]) })
  }
}

function wordsOf(line: string): string[] {
  try {
    return shellWords(line, { comments: true })
  } catch (cause) {
    throw new SyntaxError(`Error parsing host definition '${line}': ${sentenceOf(cause)}`, {
      cause,
    })
  }
}

function readAssignment(word: string): readonly [string, Value] {
  const at = word.indexOf('=')
  if (at < 0) {
    throw new SyntaxError(`Expected key=value host variable assignment, got: ${word}`)
  }
  return [word.slice(0, at), iniValue(word.slice(at + 1))]
}

/** Python literals become their values, all else stays text. */
function iniValue(text: string): Value {
  const value = parsePythonLiteral(text)
  return value === undefined ? text : value
}
