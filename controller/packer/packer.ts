import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Logger } from 'pino'
import { asset } from '../../proto/assets.ts'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import { parseJson, stringifyJson } from '../../proto/json-text.ts'
import { isMap } from '../../proto/value.ts'
import type {
  InstalledModule,
  InstalledModules,
  ModulePlaces,
  ModulesPort,
  PackedModule,
} from '../run/ports.ts'
import type { AnsibleCore } from './ansible-core.ts'
import { type AnsibleCores, changedAt } from './ansible-cores.ts'
import { ModuleFinder } from './module-finder.ts'
import { moduleKind } from './module-kind.ts'

export interface PackerOptions {
  /** Keeps what was packed; made when it is needed. */
  readonly dir: string
  readonly cores: AnsibleCores
  readonly log: Logger
}

interface Abortable {
  readonly signal: AbortSignal
}

/**
 * Modules that errand has not itself: their files are found here, and Python ones are packed by the ansible-core that
 * is installed on this machine, called as a program. A module is packed once for each version of its file.
 */
export class Packer implements ModulesPort {
  readonly #options: PackerOptions
  readonly #packing = new Map<string, Promise<Uint8Array>>()
  constructor(options: PackerOptions) {
    this.#options = options
  }

  async open(places: ModulePlaces, { signal }: Abortable): Promise<InstalledModules> {
    const core = await this.#options.cores.find(places.path, { signal })
    const finder = new ModuleFinder({ places, core })
    return {
      hasCore: core !== undefined,
      collections: core?.collections ?? [],
      version: core?.version,
      find: (name) => finder.find(name),
      pack: (module, options) =>
        this.#pack(module, { core, collections: finder.collections, places, ...options }),
    }
  }

  async #pack(module: InstalledModule, from: PackFrom): Promise<PackedModule> {
    const content = read(module.file)
    const kind = moduleKind(content)
    if (kind === 'powershell')
      throw new ErrandError('unsupported', `${module.file} is a module for Windows hosts`)
    if (kind !== 'python') return { kind, content }
    const { core } = from
    if (!core) {
      throw new ErrandError(
        'unsupported',
        `${module.file} needs ansible-core on the controller to be packed, and there is none: install ansible-core`,
      )
    }
    const key = cacheKey(module, { ...from, core })
    const known = this.#packing.get(key)
    if (known) return { kind, content: await known }
    const packing = this.#packed(module, { ...from, core, key })
    this.#packing.set(key, packing)
    // One that went wrong is tried again; the packed file is on the disk, and memory need not keep it.
    const forget = () => this.#packing.delete(key)
    packing.then(forget, forget)
    return { kind, content: await packing }
  }

  async #packed(module: InstalledModule, from: PackWith): Promise<Uint8Array> {
    const { dir, log } = this.#options
    const file = join(dir, `${basename(module.file, '.py')}-${from.key}.zip`)
    const there = readIfThere(file)
    if (there) return there
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    const draft = `${file}.${process.pid}.part`
    try {
      await runPacker(module, { ...from, out: draft })
      const content = read(draft)
      renameSync(draft, file)
      log.debug({ module: module.name, bytes: content.length }, 'module packed')
      return content
    } finally {
      rmSync(draft, { force: true })
    }
  }
}

interface PackFrom extends Abortable {
  readonly core: AnsibleCore | undefined
  readonly collections: readonly string[]
  readonly places: ModulePlaces
}

interface PackWith extends PackFrom {
  readonly core: AnsibleCore
  readonly key: string
}

/** Another file, another ansible-core, other places to look for its parts: another packed module. */
function cacheKey(module: InstalledModule, from: Omit<PackWith, 'key'>): string {
  const { mtimeMs, size } = statSync(module.file)
  const parts = [
    module.name,
    module.file,
    mtimeMs,
    size,
    from.core.version,
    from.core.python,
    from.collections,
    from.places.moduleUtils.map((folder) => [folder, changedAt(folder)]),
    asset('controller/packer/pack.py'),
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}

async function runPacker(
  module: InstalledModule,
  { core, collections, places, out, signal }: PackWith & { readonly out: string },
): Promise<void> {
  const request = {
    path: module.file,
    name: module.name,
    module_utils: places.moduleUtils,
    collections,
    out,
  }
  const script = `${out}.py`
  writeFileSync(script, asset('controller/packer/pack.py'), { mode: 0o600 })
  try {
    const said = await programOutput(core.python, [script], {
      input: stringifyJson(request),
      environment: { PATH: places.path, HOME: places.home },
      signal,
    })
    const answer = parseJson(said)
    const error = isMap(answer) ? answer.get('error') : undefined
    if (typeof error === 'string')
      throw new ErrandError('invalid', `${module.file} cannot be packed: ${error}`)
  } finally {
    rmSync(script, { force: true })
  }
}

interface ProgramOptions extends Abortable {
  readonly input: string
  readonly environment: Readonly<Record<string, string>>
}

function programOutput(
  program: string,
  args: readonly string[],
  { input, environment, signal }: ProgramOptions,
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const options = { env: environment, timeout: packMs, maxBuffer: 1024 * 1024, signal }
  const child = execFile(program, args, options, (error, stdout, stderr) => {
    if (!error) return resolve(stdout)
    const last = stderr.trim().split('\n').at(-1) ?? ''
    const message = `ansible-core could not pack a module: ${last === '' ? sentenceOf(error) : last}`
    reject(new ErrandError('invalid', message, { cause: error }))
  })
  child.stdin?.on('error', () => {}) // a program that leaves early is told by its end
  child.stdin?.end(input)
  return promise
}

/** How long packing may take. */
const packMs = 60_000

function read(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new ErrandError('invalid', `${file} cannot be read: ${sentenceOf(cause)}`, { cause })
  }
}

function readIfThere(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file)
  } catch {
    return undefined // it was not packed yet
  }
}
