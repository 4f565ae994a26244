/** Facts that outlive a run (`fact_caching`), in files as Ansible's plugin `jsonfile` writes them: both may share a folder. */
import { randomBytes } from 'node:crypto'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'
import { parseJson } from '../../proto/json-text.ts'
import { isList, isMap, newMap, type Value, type ValueMap } from '../../proto/value.ts'
import type { AnsibleConfig } from '../config-file.ts'
import { jsonText } from '../template/python/json.ts'

/** Where the facts of hosts are kept beyond a run. */
export interface FactCache {
  /** What is known of a host; undefined when nothing is, or it is too old. */
  load(host: string): ValueMap | undefined
  store(host: string, facts: ValueMap): void
  forget(host: string): void
}

export interface FactCacheOptions {
  readonly config: Pick<
    AnsibleConfig,
    'factCaching' | 'factCachingConnection' | 'factCachingPrefix' | 'factCachingTimeoutSeconds'
  >
  readonly nowMs: () => number
  readonly onWarning: (text: string) => void
}

/** The cache that ansible.cfg names; undefined for `memory`, and with a warning for one that cannot be. */
export function openFactCache({
  config,
  nowMs,
  onWarning,
}: FactCacheOptions): FactCache | undefined {
  const { factCaching, factCachingConnection: folder } = config
  const name = factCaching.replace(/^ansible\.(?:builtin|legacy)\./u, '')
  if (name === 'memory') return undefined
  if (name !== 'jsonfile') {
    onWarning(`errand has the fact caches jsonfile and memory, not ${factCaching}: memory is used`)
    return undefined
  }
  if (folder === undefined) {
    onWarning(
      "The fact cache 'jsonfile' requires fact_caching_connection to be set to the path of a folder: memory is used",
    )
    return undefined
  }
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    onWarning(`The folder of the fact cache cannot be used, so memory is: ${sentenceOf(cause)}`)
    return undefined
  }
  return new JsonFiles({
    folder,
    prefix: config.factCachingPrefix,
    timeoutMs: config.factCachingTimeoutSeconds * 1000,
    nowMs,
    onWarning,
  })
}

interface JsonFilesOptions extends Pick<FactCacheOptions, 'nowMs' | 'onWarning'> {
  readonly folder: string
  readonly prefix: string
  /** 0: what is kept is never too old. */
  readonly timeoutMs: number
}

class JsonFiles implements FactCache {
  readonly #options: JsonFilesOptions

  constructor(options: JsonFilesOptions) {
    this.#options = options
  }

  load(host: string): ValueMap | undefined {
    const file = this.#fileOf(host)
    if (!existsSync(file) || this.#isTooOld(file)) return undefined
    try {
      return readFacts(readFileSync(file, 'utf8'))
    } catch (cause) {
      rmSync(file, { force: true })
      throw new ErrandError(
        'invalid',
        `The cache file ${file} was corrupt, or did not otherwise contain valid data. ` +
          'It has been removed, so you can re-run your command now.',
        { cause },
      )
    }
  }

  store(host: string, facts: ValueMap): void {
    const file = this.#fileOf(host)
    const beside = join(this.#options.folder, `.${randomBytes(8).toString('hex')}`)
    try {
      const text = jsonText(facts, { indent: '    ', isSorted: true })
      writeFileSync(beside, text, { mode: 0o600 })
      renameSync(beside, file)
    } catch (cause) {
      rmSync(beside, { force: true })
      this.#options.onWarning(`cannot write to the fact cache: ${sentenceOf(cause)}`)
    }
  }

  forget(host: string): void {
    rmSync(this.#fileOf(host), { force: true })
  }

  /** A name that would lead out of the folder stays in it. */
  #fileOf(host: string): string {
    const { folder, prefix } = this.#options
    return join(folder, `${prefix}${host}`.replaceAll('/', '_'))
  }

  #isTooOld(file: string): boolean {
    const { timeoutMs, nowMs } = this.#options
    return timeoutMs > 0 && nowMs() - statSync(file).mtimeMs > timeoutMs
  }
}

function readFacts(text: string): ValueMap {
  const value = withoutMarks(parseJson(text))
  if (!isMap(value)) throw new ErrandError('invalid', 'a map of facts is expected')
  return value
}

/** Ansible may mark text that is no template: `{"__ansible_unsafe": text}`. Facts never are one here. */
function withoutMarks(value: Value): Value {
  if (isList(value)) return value.map(withoutMarks)
  if (!isMap(value)) return value
  const marked = value.size === 1 ? value.get('__ansible_unsafe') : undefined
  return marked ?? newMap([...value].map(([key, inner]) => [key, withoutMarks(inner)]))
}
