import type { Logger } from 'pino'
import { ErrandError } from '../../proto/errors.ts'
import type { Value, ValueMap } from '../../proto/value.ts'
import type { AnsibleCore } from '../packer/ansible-core.ts'
import type { PluginPlaces, RunPlugins } from '../run/ports.ts'
import { omitToken } from '../template/omit.ts'
import type { PluginKind, PluginUse } from '../template/plugin-port.ts'
import { type Datum, isSequence, newDict } from '../template/python/datum.ts'
import { type Scope, Undefined } from '../template/scope.ts'
import { toValue } from '../template/to-value.ts'
import { field, textOf } from './codec.ts'
import type { FileKind, PluginFiles } from './plugin-files.ts'
import { PythonProcess, type Question } from './python-process.ts'
import { raised } from './raised.ts'
import { answerFrom } from './scope-answers.ts'

export interface PythonPluginsOptions {
  readonly files: PluginFiles
  readonly places: PluginPlaces
  readonly core: AnsibleCore | undefined
  /** How long a plugin may take. */
  readonly limitMs: number
  /** How long Python may take to start and to look for plugins, where that is longer. Default 60 s. */
  readonly searchMs?: number
  readonly log: Logger
}

/** What Python knows of a name. */
interface Found {
  readonly missing: string | undefined
  /** It lies in a folder of the user's, not in ansible-core or a collection. */
  readonly isOwn: boolean
}

/** The plugins of one run. Python is started when the files alone do not tell, or a plugin is called. */
export class PythonPlugins implements RunPlugins {
  readonly #options: PythonPluginsOptions
  readonly #found = new Map<string, Found>()
  #process: PythonProcess | undefined

  constructor(options: PythonPluginsOptions) {
    this.#options = options
  }

  addFolder(folder: string): boolean {
    const fresh = this.#options.files.add(folder)
    if (!fresh) return false
    this.#found.clear()
    if (this.#process && !this.#process.isOver) {
      this.#ask('folders', new Map([['folders', newDict(Object.entries(fresh))]]))
    }
    return true
  }

  overrides(kind: PluginKind, name: string): boolean {
    const short = shortName(name)
    if (short.includes('.') || !this.#options.files.mentions(kind, short)) return false
    return this.#find(kind, short).isOwn
  }

  missing(kind: PluginKind, name: string): string | undefined {
    const { files, core } = this.#options
    const short = shortName(name)
    if (!short.includes('.')) {
      const mayBe = core !== undefined || files.files(kind).length > 0
      return mayBe ? this.#find(kind, short).missing : `'${name}'`
    }
    if (!files.hasCollection(short) && !short.startsWith('ansible.builtin.')) {
      const collection = short.split('.').slice(0, 2).join('.')
      return short.split('.').length < 3
        ? `'invalid plugin name: ${name}'`
        : `'Invalid plugin FQCN (${name}): unable to locate collection ${collection}'`
    }
    return this.#find(kind, short).missing
  }

  call({ kind, name, input, args, scope }: PluginUse): Datum {
    const message = newDict([
      ['do', 'call'],
      ['kind', kind],
      ['name', shortName(name)],
      ['input', input],
      ['positional', args.positional],
      ['named', newDict(args.named)],
    ])
    return this.#run(message, { what: `${kind} plugin '${name}'`, scope })
  }

  hasLookup(name: string): boolean {
    return this.#options.files.hasLookup(name)
  }

  overridesLookup(name: string): boolean {
    const short = shortName(name)
    return !short.includes('.') && this.#options.files.ownLookup(short) !== undefined
  }

  lookup(name: string, terms: readonly Value[], options: ValueMap, scope: Scope): readonly Value[] {
    const basedir = scope.resolve('playbook_dir')
    const message = newDict([
      ['do', 'lookup'],
      ['name', shortName(name)],
      ['terms', terms],
      ['options', newDict(options)],
      ['basedir', basedir instanceof Undefined ? null : basedir],
    ])
    const found = this.#run(message, { what: `lookup plugin '${name}'`, scope })
    return isSequence(found) ? found.map((item) => toValue(item)) : []
  }

  [Symbol.dispose](): void {
    this.#process?.[Symbol.dispose]()
  }

  #find(kind: FileKind, name: string): Found {
    const key = `${kind} ${name}`
    const known = this.#found.get(key)
    if (known) return known
    const answer = this.#ask(
      'find',
      new Map<string, Datum>([
        ['kind', kind],
        ['name', name],
      ]),
    )
    const missing = field(answer, 'missing')
    const found = {
      missing: typeof missing === 'string' ? missing : undefined,
      isOwn: field(answer, 'is_own') === true,
    }
    this.#found.set(key, found)
    return found
  }

  #ask(what: string, fields: ReadonlyMap<string, Datum>): Datum {
    const { limitMs, searchMs = 60_000 } = this.#options
    const answer = this.#started().call({
      message: newDict([['do', what], ...fields]),
      what: 'search for plugins',
      limitMs: Math.max(limitMs, searchMs),
      answer: () => {
        throw new ErrandError('internal', 'a plugin asks while none is called')
      },
    })
    return this.#resultOf(answer)
  }

  #run(message: Datum, { what, scope }: { readonly what: string; readonly scope: Scope }): Datum {
    const { limitMs } = this.#options
    const answer = (question: Question) => answerFrom(scope, question)
    return this.#resultOf(this.#started().call({ message, what, limitMs, answer }))
  }

  #resultOf(answer: Datum): Datum {
    const warnings = field(answer, 'warnings')
    if (warnings !== undefined && isSequence(warnings)) {
      for (const text of warnings) this.#options.places.onWarning(textOf(text))
    }
    const error = field(answer, 'error')
    if (error !== undefined) throw raised(error)
    return field(answer, 'result') ?? null
  }

  #started(): PythonProcess {
    if (this.#process && !this.#process.isOver) return this.#process
    const { files, places, core, log } = this.#options
    const { environment, cwd, collections, vaultPasswords } = places
    this.#process = new PythonProcess({
      program: core?.python ?? 'python3',
      environment,
      cwd,
      log,
      settings: newDict([
        ['has_core', core !== undefined],
        ['folders', newDict(Object.entries(files.added))],
        ['configured', newDict(Object.entries(files.configured))],
        ['collections', collections],
        ['vault', vaultPasswords.map(({ id, password }) => [id, password])],
        ['omit', omitToken],
      ]),
    })
    // The first answer comes when ansible-core is loaded, which is no plugin's time.
    this.#ask('folders', new Map([['folders', newDict()]]))
    return this.#process
  }
}

function shortName(name: string): string {
  return name.replace(/^ansible\.legacy\./u, '')
}
