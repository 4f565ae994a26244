import './reflect.ts'
import * as x509 from '@peculiar/x509'
import { createHash, randomBytes, webcrypto } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ErrandError, sentenceOf } from '../../proto/errors.ts'

/** What the controller shows to agents, and checks theirs against. PEM. */
export interface ControllerIdentity {
  /** Names the authority: `c` and 24 hex digits of its public key's hash. */
  readonly controllerId: string
  readonly authorityCertificate: string
  readonly certificate: string
  readonly privateKey: string
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const dayMs = 24 * 60 * 60 * 1000
const authorityDays = 30 * 365
const certificateDays = 5 * 365
/** Clocks of hosts differ: certificates begin a day ago. */
const backdateMs = dayMs

/** The certificate authority of one controller, kept below its home. It is made once, by the first that opens it. */
export class Authority {
  readonly identity: ControllerIdentity
  readonly #certificate: x509.X509Certificate
  readonly #key: webcrypto.CryptoKey

  private constructor(
    identity: ControllerIdentity,
    issuer: { readonly certificate: x509.X509Certificate; readonly key: webcrypto.CryptoKey },
  ) {
    this.identity = identity
    this.#certificate = issuer.certificate
    this.#key = issuer.key
  }

  /**
   * Opens the authority of `home`, or makes it there (0700, files 0600).
   *
   * @throws {ErrandError} `invalid` when what is there cannot be read.
   */
  static async open(home: string, nowMs: number): Promise<Authority> {
    const folder = join(home, 'authority')
    const found = await readFiles(folder)
    if (found) return load(found, { folder, nowMs })
    await make(home, folder, nowMs)
    const made = await readFiles(folder)
    if (!made) throw new ErrandError('internal', `${folder}: made, and not there`)
    return load(made, { folder, nowMs })
  }

  /** @internal Built by {@link Authority.open}. */
  static async from(files: Files): Promise<Authority> {
    const certificate = new x509.X509Certificate(files['authority.crt'])
    const identity = {
      controllerId: idOf(certificate),
      authorityCertificate: files['authority.crt'],
      certificate: files['controller.crt'],
      privateKey: files['controller.key'],
    }
    return new Authority(identity, { certificate, key: await importKey(files['authority.key']) })
  }

  /**
   * Signs an agent's request: the certificate is for this agent id, whatever the request asks for.
   *
   * @param request PEM of a PKCS#10 request, signed with the agent's own key.
   * @returns PEM.
   * @throws {ErrandError} `invalid` for a request that does not prove its key.
   */
  async signAgent(
    request: string,
    options: { readonly agentId: string; readonly nowMs: number },
  ): Promise<string> {
    const { agentId, nowMs } = options
    const parsed = await parseRequest(request)
    const certificate = await issue({
      subject: `CN=${agentId}, OU=agent`,
      publicKey: parsed.publicKey,
      issuer: { certificate: this.#certificate, key: this.#key },
      nowMs,
      extensions: [
        new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: agentId }]),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth], true),
      ],
    })
    return certificate.toString('pem')
  }

  /** What a certificate of an agent is to this authority. */
  async judge(pem: string, nowMs: number): Promise<CertificateVerdict> {
    let certificate: x509.X509Certificate
    try {
      certificate = new x509.X509Certificate(pem)
    } catch {
      return { kind: 'foreign' }
    }
    const publicKey = await this.#certificate.publicKey.export()
    const isOurs = await certificate.verify({ publicKey, signatureOnly: true }).catch(() => false)
    if (!isOurs) return { kind: 'foreign' }
    const [agentId] = certificate.subjectName.getField('CN')
    const lifeMs = certificate.notAfter.getTime() - certificate.notBefore.getTime()
    const isFresh = certificate.notAfter.getTime() - nowMs > lifeMs / 3
    return { kind: isFresh ? 'valid' : 'old', agentId: agentId ?? '' }
  }
}

/** `foreign`: not signed by this authority. `old`: less than a third of its life is left, or none. */
export type CertificateVerdict =
  | { readonly kind: 'foreign' }
  | { readonly kind: 'valid' | 'old'; readonly agentId: string }

/** A new name for an agent; it is the DNS name in its certificate too. */
export function newAgentId(): string {
  return `a${randomBytes(12).toString('hex')}`
}

const fileNames = ['authority.key', 'authority.crt', 'controller.key', 'controller.crt'] as const
type Files = Readonly<Record<(typeof fileNames)[number], string>>

async function readFiles(folder: string): Promise<Files | undefined> {
  try {
    const texts = await Promise.all(fileNames.map((name) => readFile(join(folder, name), 'utf8')))
    return Object.fromEntries(fileNames.map((name, at) => [name, texts[at] ?? ''])) as Files
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new ErrandError('invalid', `${folder} cannot be read: ${sentenceOf(error)}`, {
      cause: error,
    })
  }
}

async function load(
  files: Files,
  at: { readonly folder: string; readonly nowMs: number },
): Promise<Authority> {
  try {
    const authority = await Authority.from(files)
    const own = await authority.judge(files['controller.crt'], at.nowMs)
    if (own.kind === 'valid') return authority
    const renewed = { ...files, ...(await makeController(files, at.nowMs)) }
    await writeSafely(join(at.folder, 'controller.key'), renewed['controller.key'])
    await writeSafely(join(at.folder, 'controller.crt'), renewed['controller.crt'])
    return await Authority.from(renewed)
  } catch (error) {
    throw new ErrandError(
      'invalid',
      `${at.folder} holds no usable authority: ${sentenceOf(error)}`,
      { cause: error },
    )
  }
}

/** The whole folder appears at once: another that opens it at the same time finds all of it or nothing. */
async function make(home: string, folder: string, nowMs: number): Promise<void> {
  const draft = join(home, `authority.${randomBytes(6).toString('hex')}`)
  await mkdir(draft, { recursive: true, mode: 0o700 })
  try {
    const authority = await makeAuthority(nowMs)
    const files = { ...authority, ...(await makeController(authority, nowMs)) }
    for (const name of fileNames)
      await writeFile(join(draft, name), files[name], { mode: 0o600, flush: true })
    await rename(draft, folder)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOTEMPTY')) throw error
  }
}

async function writeSafely(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600, flush: true })
  await rename(`${path}.new`, path)
}

async function makeAuthority(
  nowMs: number,
): Promise<Pick<Files, 'authority.key' | 'authority.crt'>> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: `CN=errand authority ${randomBytes(4).toString('hex')}`,
    notBefore: new Date(nowMs - backdateMs),
    notAfter: new Date(nowMs + authorityDays * dayMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return {
    'authority.key': await exportKey(keys.privateKey),
    'authority.crt': certificate.toString('pem'),
  }
}

async function makeController(
  authority: Pick<Files, 'authority.key' | 'authority.crt'>,
  nowMs: number,
): Promise<Pick<Files, 'controller.key' | 'controller.crt'>> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const issuer = new x509.X509Certificate(authority['authority.crt'])
  const certificate = await issue({
    subject: `CN=${idOf(issuer)}, OU=controller`,
    publicKey: keys.publicKey,
    issuer: { certificate: issuer, key: await importKey(authority['authority.key']) },
    nowMs,
    extensions: [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth], true)],
  })
  return {
    'controller.key': await exportKey(keys.privateKey),
    'controller.crt': certificate.toString('pem'),
  }
}

interface Issue {
  readonly subject: string
  readonly publicKey: x509.PublicKeyType
  readonly issuer: { readonly certificate: x509.X509Certificate; readonly key: webcrypto.CryptoKey }
  readonly nowMs: number
  readonly extensions: x509.Extension[]
}

async function issue({
  subject,
  publicKey,
  issuer,
  nowMs,
  extensions,
}: Issue): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject,
    issuer: issuer.certificate.subject,
    notBefore: new Date(nowMs - backdateMs),
    notAfter: new Date(nowMs + certificateDays * dayMs),
    signingAlgorithm: algorithm,
    publicKey,
    signingKey: issuer.key,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.certificate),
      ...extensions,
    ],
  })
}

async function parseRequest(pem: string): Promise<x509.Pkcs10CertificateRequest> {
  try {
    const request = new x509.Pkcs10CertificateRequest(pem)
    if (await request.verify()) return request
  } catch (error) {
    const sentence = `the agent's certificate request cannot be read: ${sentenceOf(error)}`
    throw new ErrandError('invalid', sentence, { cause: error })
  }
  throw new ErrandError('invalid', "the agent's certificate request is not signed with its own key")
}

/** Positive and never the same: 16 bytes, the first bit off. */
function newSerial(): string {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40
  return bytes.toString('hex')
}

function idOf(certificate: x509.X509Certificate): string {
  const key = Buffer.from(certificate.publicKey.rawData)
  return `c${createHash('sha256').update(key).digest('hex').slice(0, 24)}`
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')
}

async function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const [der] = x509.PemConverter.decode(pem)
  if (!der) throw new ErrandError('invalid', 'no private key in the file')
  return webcrypto.subtle.importKey('pkcs8', der, algorithm, true, ['sign'])
}
