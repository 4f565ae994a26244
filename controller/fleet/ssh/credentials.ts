import { readFile } from 'node:fs/promises'
import ssh2, { type AnyAuthMethod, type AuthHandlerMiddleware, type ParsedKey } from 'ssh2'
import { sentenceOf } from '../../../proto/errors.ts'
import type { Hop, Identities } from './hops.ts'
import { KeyFilterAgent } from './key-filter-agent.ts'

/** What can be shown to a server, in order, and what could not be used and why. */
export interface Credentials {
  readonly attempts: readonly Attempt[]
  /** Each a part of a sentence: `~/.ssh/id_rsa needs a passphrase`. */
  readonly unusable: readonly string[]
}

interface Attempt {
  /** The method's name in the protocol. */
  readonly protocolName: 'publickey' | 'password' | 'keyboard-interactive'
  /** For the sentence when nothing helped. */
  readonly description: string
  readonly method: AnyAuthMethod
}

/** Collects the keys and passwords for one server: the inventory's key, ssh-agent, key files, password. */
export async function readCredentials({ user, identities, password }: Hop): Promise<Credentials> {
  const { firstFile, files } = identities
  const unusable: string[] = []
  const first =
    firstFile === undefined
      ? []
      : await keyFile(firstFile, { user, identities, unusable, isNamed: true })
  const agent = agentAttempt(user, identities)
  const others = files.filter((file) => file !== firstFile)
  const keys = await Promise.all(
    others.map((file) => keyFile(file, { user, identities, unusable, isNamed: false })),
  )
  const attempts = [...first, ...agent, ...keys.flat(), ...passwordAttempts(user, password)]
  return { attempts, unusable }
}

interface KeyFileOptions {
  readonly user: string
  readonly identities: Identities
  readonly unusable: string[]
  /** Named by the inventory: that it is missing is worth a word. */
  readonly isNamed: boolean
}

async function keyFile(
  file: string,
  { user, identities, unusable, isNamed }: KeyFileOptions,
): Promise<readonly Attempt[]> {
  let text: Buffer
  try {
    text = await readFile(file)
  } catch (error) {
    if (isNamed) unusable.push(`the key ${file} cannot be read: ${sentenceOf(error)}`)
    return []
  }
  const key = parseKey(text, identities.passphrase)
  if (typeof key === 'string') {
    unusable.push(`the key ${file} ${key}`)
    return []
  }
  const method: AnyAuthMethod = { type: 'publickey', username: user, key }
  return [{ protocolName: 'publickey', description: `the key ${file}`, method }]
}

/** @returns a part of a sentence when the key cannot be used. */
function parseKey(text: Buffer, passphrase: string | undefined): ParsedKey | string {
  const parsed: ParsedKey | Error | readonly ParsedKey[] = ssh2.utils.parseKey(text, passphrase)
  const key: unknown = Array.isArray(parsed) ? parsed[0] : parsed
  if (!(key instanceof Error)) return isPrivate(key) ? key : 'is not a private key'
  if (/no passphrase/iu.test(key.message)) return 'needs a passphrase, and none was given'
  if (/passphrase|bad decrypt|integrity/iu.test(key.message))
    return 'does not open with the passphrase given'
  return `cannot be used: ${key.message}`
}

function isPrivate(key: unknown): key is ParsedKey {
  return typeof key === 'object' && key !== null && (key as ParsedKey).isPrivateKey()
}

function agentAttempt(user: string, identities: Identities): readonly Attempt[] {
  const { agentSocket, isOnlyFiles, files, firstFile } = identities
  if (agentSocket === undefined || agentSocket === '') return []
  const only = isOnlyFiles ? [...(firstFile ? [firstFile] : []), ...files] : undefined
  const agent = new KeyFilterAgent(agentSocket, only)
  return [
    {
      protocolName: 'publickey',
      description: 'the keys of ssh-agent',
      method: { type: 'agent', username: user, agent },
    },
  ]
}

function passwordAttempts(user: string, password: string | undefined): readonly Attempt[] {
  if (password === undefined) return []
  return [
    {
      protocolName: 'password',
      description: 'the password',
      method: { type: 'password', username: user, password },
    },
    {
      protocolName: 'keyboard-interactive',
      description: 'the password (keyboard-interactive)',
      method: {
        type: 'keyboard-interactive',
        username: user,
        prompt: (_name, _instructions, _language, prompts, finish) => {
          finish(prompts.map(({ echo }) => (echo === true ? '' : password)))
        },
      },
    },
  ]
}

/** Tells ssh2 what to try next, and keeps what was tried for the sentence at the end. */
export class Authentication {
  readonly tried: string[] = []
  /** The methods that the server would still have taken. */
  offered: readonly string[] = []
  readonly #user: string
  readonly #left: Attempt[]

  constructor(user: string, { attempts }: Credentials) {
    this.#user = user
    this.#left = [...attempts]
  }

  readonly handler: AuthHandlerMiddleware = (authsLeft: readonly string[] | null) => {
    if (authsLeft === null) return { type: 'none', username: this.#user }
    this.offered = authsLeft
    const at = this.#left.findIndex(({ protocolName }) => authsLeft.includes(protocolName))
    const [attempt] = at < 0 ? [] : this.#left.splice(at, 1)
    if (!attempt) return false
    this.tried.push(attempt.description)
    return attempt.method
  }
}
