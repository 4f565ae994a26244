import { ErrandError } from '../../proto/errors.ts'
import { textKeys, isMap, newMap } from '../../proto/value.ts'
import type { Value, ValueMap } from '../../proto/value.ts'
import { pythonClass } from '../template/python/python-class.ts'
import { Undefined } from '../template/scope.ts'
import type { Scope } from '../template/scope.ts'
import { TemplateError, pythonRepr } from '../template/templates.ts'
import type { Templates } from '../template/templates.ts'
import { isSealed } from '../yaml/as-data.ts'
import { liveMap } from './live-map.ts'
import { mergeMaps } from './merge-maps.ts'
import { precedence } from './precedence.ts'
import type { Layered } from './precedence.ts'

/** Variables of one host at one place of a run. */
export interface ScopeParts {
  readonly layered: Layered
  /** Above all else: `item` and its like. */
  readonly data: ValueMap
  /** Magic variables, made when they are asked for. */
  readonly magic: (name: string, scope: RunScope) => Value | undefined
  readonly magicNames: () => Iterable<string>
  readonly templates: Templates
  /** What a name means that nobody has set. */
  readonly unset?: (name: string) => Value | undefined
  /** hash_behaviour = merge. */
  readonly isMerging: boolean
  /** Leaves out this step and those above it but for extra vars: how the files of vars_files are found. */
  readonly below?: number
  /** Only these steps count. */
  readonly only?: ReadonlySet<number>
}

interface Found {
  readonly value: Value
  readonly kind: 'source' | 'data' | 'magic'
  /** What `value` was merged of, highest first, where sources and data came together. */
  readonly parts?: readonly Found[]
}

interface Finished {
  readonly value: Value | Undefined
  readonly isUnsafe: boolean
}

/** Finds a name by the precedence table, renders its source when it is asked for, and remembers that. */
export class RunScope implements Scope {
  readonly #parts: ScopeParts
  readonly #finished = new Map<string, Finished>()
  readonly #layers = new Map<number, readonly ValueMap[]>()
  /** Names being rendered, and whether something unsafe went into them. */
  readonly #open = new Map<string, { isUnsafe: boolean }>()

  constructor(parts: ScopeParts) {
    this.#parts = parts
  }

  resolve(name: string): Value | Undefined {
    return this.#finish(name).value
  }

  isUnsafe(name: string): boolean {
    return this.#finish(name).isUnsafe
  }

  isText(name: string): boolean {
    const found = this.#find(name)
    return found?.kind === 'source' && this.#parts.templates.yieldsText(found.value, this)
  }

  /** Whether there is a variable of this name, defined or not. */
  hasName(name: string): boolean {
    return this.#find(name) !== undefined
  }

  /** The value as written, before it is rendered. */
  written(name: string): Value | undefined {
    return this.#find(name)?.value
  }

  /** Every name there is, magic ones last. */
  *names(): Iterable<string> {
    for (const { step } of precedence) for (const map of this.#maps(step)) yield* textKeys(map)
    yield* textKeys(this.#parts.data)
    yield* this.#parts.magicNames()
  }

  /** The magic variable `vars`: all variables as one map, and, as in Ansible, not rendered. */
  asWritten(): ValueMap {
    return liveMap({
      keys: () => this.#namesWithout(['vars', 'ansible_search_path']),
      has: (name) => this.hasName(name),
      read: (name) => this.written(name) ?? null,
    })
  }

  /** All variables as `hostvars` has them; what cannot be rendered is as written. Those that hold it are not among its keys. */
  asHostVars(): ValueMap {
    return liveMap({
      typeName: 'ansible.vars.hostvars.HostVarsVars',
      keys: () => this.#namesWithout(['vars', 'hostvars', 'ansible_search_path']),
      has: (name) => this.hasName(name),
      read: (name) => this.#readable(name),
    })
  }

  *#namesWithout(hidden: readonly string[]): Iterable<string> {
    for (const name of this.names()) if (!hidden.includes(name)) yield name
  }

  #readable(name: string): Value {
    const value = this.resolve(name)
    return value instanceof Undefined ? (this.written(name) ?? null) : value
  }

  #finish(name: string): Finished {
    const finished = this.#finished.get(name) ?? this.#render(name)
    if (finished.isUnsafe) for (const open of this.#open.values()) open.isUnsafe = true
    return finished
  }

  #render(name: string): Finished {
    const found = this.#find(name)
    if (!found) return { value: new Undefined(`'${name}' is undefined`), isUnsafe: false }
    if (found.kind !== 'source' && !found.parts) {
      return { value: found.value, isUnsafe: found.kind === 'data' }
    }
    if (this.#open.has(name)) throw circle(found.value)
    const open = { isUnsafe: found.kind === 'data' }
    this.#open.set(name, open)
    try {
      const finished = { value: this.#renderFound(found), isUnsafe: open.isUnsafe }
      this.#finished.set(name, finished)
      return finished
    } finally {
      this.#open.delete(name)
    }
  }

  #renderFound({ value, parts }: Found): Value | Undefined {
    if (!parts) return this.#renderSource(value)
    let merged: ValueMap = newMap()
    for (const part of parts.toReversed()) {
      const rendered = part.kind === 'source' ? this.#renderSource(part.value) : part.value
      if (rendered instanceof Undefined) return rendered
      if (isMap(rendered)) merged = mergeMaps(merged, rendered)
    }
    return merged
  }

  #renderSource(source: Value): Value | Undefined {
    try {
      return this.#parts.templates.render(source, this, { keepsTuples: true })
    } catch (error) {
      if (!(error instanceof ErrandError) || error.code !== 'invalid') throw error
      const text = typeof source === 'string' ? source : pythonRepr(source)
      if (!(error instanceof TemplateError) || error.kind !== 'UndefinedError') {
        throw unhandled(text, error)
      }
      return new Undefined(`${text}: ${error.ansible}`)
    }
  }

  #find(name: string): Found | undefined {
    const { data, magic, isMerging } = this.#parts
    if (data.has(name)) return { value: data.get(name) ?? null, kind: 'data' }
    const value = magic(name, this)
    if (value !== undefined) return { value, kind: 'magic' }
    const found = this.#findLayers(name)
    const first = found.next()
    if (first.done === true) return this.#unset(name)
    return isMerging ? merge([first.value, ...found]) : first.value
  }

  #unset(name: string): Found | undefined {
    const value = this.#parts.unset?.(name)
    return value === undefined ? undefined : { value, kind: 'magic' }
  }

  *#findLayers(name: string): Generator<Found, undefined> {
    for (const { step, kind } of highestFirst) {
      const maps = this.#maps(step)
      for (let index = maps.length - 1; index >= 0; index--) {
        const map = maps[index]
        if (map && map.has(name)) yield { value: map.get(name) ?? null, kind }
      }
    }
    return undefined
  }

  #maps(step: number): readonly ValueMap[] {
    const known = this.#layers.get(step)
    if (known) return known
    const { below, only, layered } = this.#parts
    const isAbove = below !== undefined && step >= below && step !== extraStep
    const isOut = isAbove || only?.has(step) === false
    const maps = isOut ? [] : (precedence[step - 1]?.maps(layered) ?? [])
    this.#layers.set(step, maps)
    return maps
  }
}

const highestFirst = precedence.toReversed()
const extraStep = precedence.length

function circle(source: Value): ErrandError {
  const text = typeof source === 'string' ? source : pythonRepr(source)
  return new ErrandError(
    'invalid',
    `recursive loop detected in template string: ${text}. maximum recursion depth exceeded`,
  )
}

/** What went wrong in a variable's template is told with that template around it, in Ansible's words. */
function unhandled(source: string, cause: ErrandError): ErrandError {
  if (isSealed(source)) return cause
  const isTemplate = cause instanceof TemplateError
  const type = pythonClass(isTemplate ? cause.kind : 'AnsibleError')
  const words = isTemplate ? cause.ansible : cause.message
  const message = `An unhandled exception occurred while templating '${source}'. Error was a <class '${type}'>, original message: ${words}`
  return new TemplateError('AnsibleError', { message, ansible: message, source, cause })
}

/** hash_behaviour = merge: maps under the highest one are merged into it, as far down as there are maps. */
function merge(found: readonly Found[]): Found | undefined {
  const [highest] = found
  if (!highest || !isMap(highest.value)) return highest
  const end = found.findIndex(({ value }) => !isMap(value))
  const parts = end < 0 ? found : found.slice(0, end)
  const maps = parts.map(({ value }) => value).filter(isMap)
  const value = maps.toReversed().reduce(mergeMaps, newMap())
  if (parts.every(({ kind }) => kind === highest.kind)) return { value, kind: highest.kind }
  return { value, kind: 'data', parts }
}
