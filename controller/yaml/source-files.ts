import { readFileSync, readdirSync, statSync } from 'node:fs'
import { ErrandError } from '../../proto/errors.ts'
import { parseYaml } from '../yaml.ts'
import type { YamlDocument } from '../yaml.ts'
import { isVault } from '../vault/envelope.ts'
import { Vault } from './vault.ts'

/** The controller's files as the language reads them: whole, vaults opened, each YAML file parsed once. */
export class SourceFiles {
  readonly #vault: Vault
  readonly #onWarning: (message: string) => void
  readonly #onSource: (path: string, text: string) => void
  readonly #parsed = new Map<string, YamlDocument>()

  constructor(
    options: {
      readonly vault?: Vault
      readonly onWarning?: (message: string) => void
      /** Told of each file that says how a run goes, when it is read; what it throws is the reader's. */
      readonly onSource?: (path: string, text: string) => void
    } = {},
  ) {
    this.#onSource = options.onSource ?? (() => undefined)
    this.#vault = options.vault ?? new Vault([])
    this.#onWarning = options.onWarning ?? (() => undefined)
  }

  get vault(): Vault {
    return this.#vault
  }

  /** Tells the user something that is no error, once for each place that says it. */
  warn(message: string): void {
    this.#onWarning(message)
  }

  isFile(path: string): boolean {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
  }

  isDirectory(path: string): boolean {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  }

  isExecutable(path: string): boolean {
    const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0
    return (mode & 0o111) !== 0
  }

  /** Names in a directory, sorted by code point as Ansible does. */
  list(path: string): readonly string[] {
    return readdirSync(path).toSorted((a, b) => (a < b ? -1 : 1))
  }

  /** The bytes of a file; a vault's plain text. */
  readBytes(path: string): Buffer {
    const bytes = readOrThrow(path)
    if (bytes.subarray(0, 15).toString('latin1') !== '$ANSIBLE_VAULT;') return bytes
    return Buffer.from(this.#vault.open(bytes.toString('utf8'), path))
  }

  /**
   * A file's text; a vault's plain text.
   *
   * @throws {ErrandError} `not_found`, `denied`.
   */
  readText(path: string): string {
    const text = readOrThrow(path).toString('utf8')
    return isVault(text) ? this.#vault.open(text, path) : text
  }

  /** The text of a file that says how a run goes; as {@link readText}. */
  readSource(path: string): string {
    const text = this.readText(path)
    this.#onSource(path, text)
    return text
  }

  /**
   * A YAML or JSON file with one document.
   *
   * @throws {ErrandError} as {@link readText}, and `syntax`.
   */
  parse(path: string): YamlDocument {
    const known = this.#parsed.get(path)
    if (known) return known
    const text = this.readSource(path)
    const document = parseYaml(text, path, { vault: this.#vault })
    for (const warning of document.warnings) this.#onWarning(warning)
    this.#parsed.set(path, document)
    return document
  }
}

function readOrThrow(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new ErrandError('not_found', `there is no file ${path}`, { cause })
    }
    if (code === 'EISDIR') throw new ErrandError('invalid', `${path} is a directory`, { cause })
    throw new ErrandError('denied', `${path} cannot be read: ${code ?? 'unknown'}`, { cause })
  }
}
