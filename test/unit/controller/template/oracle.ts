import { readFileSync } from 'node:fs'
import { Undefined, type LookupPort, type Scope } from '../../../../controller/template/scope.ts'
import { TemplateError, Templates } from '../../../../controller/template/templates.ts'
import type { FilePort } from '../../../../controller/template/file-port.ts'
import { parseJson, stringifyJson } from '../../../../proto/json-text.ts'
import { type Value, type ValueMap, isMap, textEntries } from '../../../../proto/value.ts'

/** The folder of the lists that were put to real Ansible, and of its answers. */
export const fixtures: URL = new URL('../../../fixtures/template/', import.meta.url)

/** What Ansible answered: a value, or the words of its error. */
export type Answer = { readonly value: Value } | { readonly error: string }

/** Ansible's answers by the text that was put to it. */
export function recorded(
  chapter: 'classic' | 'native' | 'conditions' | 'files',
): [string, Answer][] {
  const all = readMap('recorded.json').get(chapter) ?? null
  if (!isMap(all)) throw new Error(`no answers to ${chapter}`)
  return textEntries(all).map(([text, answer]) => [text, answerOf(answer)])
}

function answerOf(answer: Value): Answer {
  if (!isMap(answer)) throw new Error('an answer is a map')
  const error = answer.get('error')
  return typeof error === 'string' ? { error } : { value: answer.get('value') ?? null }
}

function readMap(name: string): ValueMap {
  const value = parseJson(readFileSync(new URL(name, fixtures), 'utf8'))
  if (!isMap(value)) throw new Error(`${name} is no map`)
  return value
}

/** An evaluator with the variables that Ansible was given. */
export function oracleTemplates(options: { readonly isNative?: boolean } = {}): {
  readonly templates: Templates
  readonly scope: Scope
} {
  const variables = readMap('context.json')
  const templates = new Templates({ lookups, files, nowMs: () => 1_700_000_000_000, ...options })
  const scope: Scope = {
    resolve: (name) => {
      const source = variables.has(name) ? variables.get(name) : undefined
      if (source === undefined) return new Undefined(`'${name}' is undefined`)
      return templates.render(source, scope)
    },
    isText: (name) =>
      variables.has(name) && templates.yieldsText(variables.get(name) ?? null, scope),
    isUnsafe: () => false,
  }
  return { templates, scope }
}

/** What we answer, as JSON text or the words of the error. */
export function attempt(work: () => Value): { readonly json: string } | { readonly error: string } {
  try {
    return { json: stringifyJson(work()) }
  } catch (error) {
    if (error instanceof TemplateError) return { error: error.ansible }
    throw error
  }
}

const lookups: LookupPort = {
  lookup: (name, terms) => {
    if (name === 'env') return terms.map((term) => (term === 'HOME' ? '/root' : ''))
    return terms.flat(1)
  },
}

/** The few files that the lists ask for, as on any Debian. */
const files: FilePort = {
  stat: (path) => {
    if (path === '/etc' || path === '/') return { kind: 'directory', identity: path }
    const isPasswd = path === '/etc/passwd' || path === '/etc/../etc/passwd'
    return isPasswd ? { kind: 'file', identity: 'passwd' } : undefined
  },
  isLink: () => false,
  isMount: (path) => path === '/',
  realPath: (path) => path,
  list: () => [],
  homeOf: () => '/root',
  environment: () => undefined,
  workingFolder: () => '/',
}
