import { existsSync, mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { ErrandError, exitCodeOf } from '../../../proto/errors.ts'
import type { ClientSettings } from '../../../proto/settings.ts'
import type { VaultSecret } from '../../vault/seal.ts'
import { askOnTerminal } from '../ask-on-terminal.ts'
import { askLine } from '../ask-password.ts'
import type { CommandContext } from '../context.ts'
import type { VaultFlags } from '../flags/run-flags.ts'
import { pipedRest } from '../piped-line.ts'
import { Screen } from '../render/screen.ts'
import { vaultPasswords } from '../vault-passwords.ts'
import {
  plainStrings,
  readsInput,
  sealStrings,
  type EncryptStringFlags,
} from '../vault/encrypt-string.ts'
import { editText } from '../vault/edit-text.ts'
import { pageText } from '../vault/page-text.ts'
import { openSealed, seal, secretToSealWith } from '../vault/sealed-text.ts'
import { ownerOnly, readSource, realPath, replaceFile } from '../vault/vault-file.ts'
import { warner } from '../warner.ts'

/** What ansible-vault does. */
export type VaultAction =
  | 'create'
  | 'decrypt'
  | 'edit'
  | 'encrypt'
  | 'encrypt_string'
  | 'rekey'
  | 'view'

/** Flags of `errand vault`: those of ansible-vault; which of them an action has says the command line. */
export interface VaultCommandFlags extends VaultFlags, Partial<EncryptStringFlags> {
  readonly encryptVaultId?: string
  readonly newVaultId?: string
  readonly newVaultPasswordFile?: string
  readonly output?: string
  readonly verbose: number
}

/** As ansible-vault, whatever the reason. */
const failedCode = 1

/** `errand vault`: seals, opens and changes what ansible-vault does, in the process of who asks. */
export async function useVault(
  action: VaultAction,
  { words, flags }: { readonly words: readonly string[]; readonly flags: VaultCommandFlags },
  context: CommandContext,
): Promise<number> {
  const { config, controllers, interrupt, terminal } = context
  try {
    checkWords(action, words, flags)
    const settings = await controllers.ask((controller) =>
      controller.readSettings(config, interrupt.signal),
    )
    await new VaultWork({ context, flags, settings }).do(action, words)
    return 0
  } catch (error) {
    if (!(error instanceof ErrandError) || passing.has(error.code)) throw error
    const screen = new Screen(config)
    screen.fail(error.message)
    await terminal.print(screen.take())
    return error.code === 'usage' ? exitCodeOf(error) : failedCode
  }
}

/** These have their own exit codes in every command. */
const passing: ReadonlySet<string> = new Set(['interrupted', 'internal', 'unreachable'])

function checkWords(action: VaultAction, words: readonly string[], flags: VaultCommandFlags): void {
  const wrong = flags.vaultId.find((id) => id.includes(';'))
  if (wrong !== undefined) {
    throw new ErrandError(
      'usage',
      `'${wrong}' is not a valid vault id. The character ';' is not allowed in vault ids`,
    )
  }
  if (flags.output !== undefined && words.length > 1) {
    throw new ErrandError('usage', 'At most one input file may be used with the --output option')
  }
  if (action === 'create' && words.length !== 1) {
    throw new ErrandError('usage', 'errand vault create can take only one filename argument')
  }
  if (flags.newVaultId !== undefined && flags.newVaultPasswordFile !== undefined) {
    throw new ErrandError('usage', 'either --new-vault-id or --new-vault-password-file, not both')
  }
  if (action === 'encrypt_string') readsInput(words, stringFlags(flags))
}

function stringFlags(flags: VaultCommandFlags): EncryptStringFlags {
  return { ...flags, name: flags.name ?? [] }
}

/** One invocation. */
class VaultWork {
  readonly #context: CommandContext
  readonly #flags: VaultCommandFlags
  readonly #settings: ClientSettings

  constructor(options: {
    readonly context: CommandContext
    readonly flags: VaultCommandFlags
    readonly settings: ClientSettings
  }) {
    this.#context = options.context
    this.#flags = options.flags
    this.#settings = options.settings
  }

  async do(action: VaultAction, words: readonly string[]): Promise<void> {
    switch (action) {
      case 'encrypt':
        return await this.#encrypt(words)
      case 'decrypt':
        return await this.#decrypt(words)
      case 'view':
        return await this.#view(words)
      case 'create':
        return await this.#create(words[0] ?? '')
      case 'edit':
        return await this.#edit(words)
      case 'rekey':
        return await this.#rekey(words)
      case 'encrypt_string':
        return await this.#encryptString(words)
    }
  }

  async #encrypt(words: readonly string[]): Promise<void> {
    const secret = await this.#secretToSealWith()
    for (const word of this.#inputs(words, 'plaintext')) {
      const content = await this.#read(word)
      await this.#write(word, seal(content, secret), { isSecret: true })
    }
    await this.#say('Encryption successful')
  }

  async #decrypt(words: readonly string[]): Promise<void> {
    const secrets = await this.#secrets()
    for (const word of this.#inputs(words, 'ciphertext')) {
      const content = await this.#read(word)
      const opened = openSealed(content, { path: this.#nameOf(word), secrets })
      await this.#write(word, opened.content, { isSecret: false })
    }
    await this.#say('Decryption successful')
  }

  async #view(words: readonly string[]): Promise<void> {
    const secrets = await this.#secrets()
    for (const word of words) {
      const { content } = openSealed(await this.#read(word), { path: word, secrets })
      await pageText(content.toString('utf8'), this.#context)
    }
  }

  async #create(word: string): Promise<void> {
    const secret = await this.#secretToSealWith()
    const path = resolve(this.#context.config.cwd, word)
    if (!existsSync(dirname(path))) {
      await warner(this.#context)(`${dirname(word)} does not exist, creating...`)
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    }
    if (existsSync(path)) {
      throw new ErrandError('conflict', `${word} exists, please use 'edit' instead`)
    }
    const text = await this.#letEdit(new Uint8Array(), path)
    replaceFile(path, seal(text, secret), { mode: ownerOnly, isSecret: false })
  }

  async #edit(words: readonly string[]): Promise<void> {
    const secrets = await this.#secrets()
    for (const word of words) {
      const path = this.#nameOf(word)
      const { content, secret, label } = openSealed(readSource(path), { path, secrets })
      const text = await this.#letEdit(content, path)
      if (text.equals(content)) continue
      // The label stays the one of the header, whichever password has opened it.
      const sealed = seal(text, { id: label, password: secret.password })
      replaceFile(path, sealed, { mode: 'kept', isSecret: false })
    }
  }

  async #rekey(words: readonly string[]): Promise<void> {
    const secrets = await this.#secrets()
    const secret = await this.#newSecret()
    for (const word of words) {
      const path = this.#nameOf(word)
      const { content } = openSealed(readSource(path), { path, secrets })
      replaceFile(path, seal(content, secret), { mode: 'kept', isSecret: false })
    }
    await this.#context.terminal.err('Rekey successful\n')
  }

  async #encryptString(words: readonly string[]): Promise<void> {
    const { terminal, config } = this.#context
    const secret = await this.#secretToSealWith()
    const strings = await plainStrings(words, stringFlags(this.#flags), {
      askHidden: askOnTerminal,
      askShown: askLine,
      readInput: async () => {
        await this.#say(
          'Reading plaintext input from stdin. (ctrl-d to end input, twice if your content does not already have a newline)',
        )
        const text = await pipedRest(process.stdin)
        if (config.isInteractive && text.at(-1) !== 0x0a) await terminal.out('\n')
        return text
      },
      note: (text) => terminal.err(text),
    })
    const { yaml, notes } = sealStrings(strings, secret)
    await terminal.err(notes)
    const { output = '-' } = this.#flags
    await this.#write(output, yaml, { isSecret: false })
    await this.#say('Encryption successful')
  }

  #inputs(words: readonly string[], what: string): readonly string[] {
    if (words.length > 0) return words
    if (this.#context.config.canAsk) process.stderr.write(`Reading ${what} input from stdin\n`)
    return ['-']
  }

  async #read(word: string): Promise<Buffer> {
    return word === '-' ? await pipedRest(process.stdin) : readSource(this.#nameOf(word))
  }

  /** Into the file it came from, unless another is named. */
  async #write(
    word: string,
    content: string | Uint8Array,
    { isSecret }: { readonly isSecret: boolean },
  ): Promise<void> {
    const { output = word } = this.#flags
    if (output === '-') await this.#context.terminal.out(content)
    else {
      const path = this.#nameOf(output)
      replaceFile(path, content, { mode: ownerOnly, isSecret: isSecret && output === word })
    }
  }

  #nameOf(word: string): string {
    return word === '-' ? word : realPath(resolve(this.#context.config.cwd, word))
  }

  async #letEdit(text: Uint8Array, path: string): Promise<Buffer> {
    const { config, interrupt } = this.#context
    // Ctrl-C is for the editor.
    interrupt.hold()
    return await editText(text, { path, environment: config.environment })
  }

  /** For people who look at a terminal. */
  async #say(text: string): Promise<void> {
    if (this.#context.config.isInteractive) await this.#context.terminal.err(`${text}\n`)
  }

  async #secrets(): Promise<readonly VaultSecret[]> {
    return await vaultPasswords(this.#flags, this.#passwordSources())
  }

  async #secretToSealWith(): Promise<VaultSecret> {
    const sources = { ...this.#passwordSources(), isNew: true }
    return secretToSealWith(await vaultPasswords(this.#flags, sources), this.#labelToSealWith())
  }

  /** What rekey seals with: the new password alone, beside those of ansible.cfg where a label chooses. */
  async #newSecret(): Promise<VaultSecret> {
    const { newVaultId, newVaultPasswordFile, askVaultPass } = this.#flags
    const label = this.#labelToSealWith()
    const sources = this.#passwordSources()
    const settings = {
      ...sources.settings,
      vaultIdentities: label === undefined ? [] : sources.settings.vaultIdentities,
    }
    const flags: VaultFlags = {
      vaultId: newVaultId === undefined ? [] : [newVaultId],
      vaultPasswordFile: newVaultPasswordFile === undefined ? [] : [newVaultPasswordFile],
      ...(askVaultPass ? { askVaultPass } : {}),
    }
    const secrets = await vaultPasswords(flags, { ...sources, settings, isNew: true })
    return secretToSealWith(label === undefined ? secrets.slice(0, 1) : secrets, label)
  }

  #labelToSealWith(): string | undefined {
    return this.#flags.encryptVaultId ?? this.#settings.vaultEncryptIdentity
  }

  #passwordSources() {
    const { config } = this.#context
    return {
      ask: askOnTerminal,
      cwd: config.cwd,
      settings: this.#settings,
      warn: warner(this.#context),
      isNeeded: true,
    }
  }
}
