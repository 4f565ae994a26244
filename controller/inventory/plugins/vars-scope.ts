import type { Value, ValueMap } from '../../../proto/value.ts'
import { Undefined, type Scope } from '../../template/scope.ts'
import { TemplateError, toText, type Templates } from '../../template/templates.ts'

/** Variables as an inventory has them: a value may be a template, rendered when its name is asked for. */
export class VarsScope implements Scope {
  readonly #vars: ValueMap
  readonly #templates: Templates
  readonly #open = new Set<string>()

  constructor(vars: ValueMap, templates: Templates) {
    this.#vars = vars
    this.#templates = templates
  }

  resolve(name: string): Value | Undefined {
    const value = this.#vars.get(name)
    if (value === undefined) return new Undefined(`'${name}' is undefined`)
    if (this.#open.has(name)) {
      const text = toText(value)
      const ansible = `recursive loop detected in template string: ${text}`
      throw new TemplateError('AnsibleError', { message: ansible, ansible, source: text })
    }
    this.#open.add(name)
    try {
      return this.#templates.render(value, this)
    } finally {
      this.#open.delete(name)
    }
  }

  isUnsafe(): boolean {
    return false
  }

  isText(name: string): boolean {
    return this.#templates.yieldsText(this.#vars.get(name) ?? null, this)
  }
}
