/** How an agent gets to belong to a controller: its key is made here and stays here. */
import { createPrivateKey, generateKeyPairSync, X509Certificate, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { ErrandError } from '../proto/errors.ts'
import { certificateRequest } from './certificate-request.ts'
import {
  ensureIdentity,
  makeStateFolder,
  writeIdentity,
  writeState,
  type AgentIdentity,
  type Enrolment,
  type StateFolder,
} from './state-folder.ts'

/** Makes the key and the id if they are missing, and the request for a certificate (PEM). */
export function requestCertificate(folder: StateFolder): {
  readonly agentId: string
  readonly request: string
} {
  makeStateFolder(folder)
  const { agentId } = ensureIdentity(folder)
  return { agentId, request: certificateRequest(ensureKey(folder), agentId) }
}

function ensureKey(folder: StateFolder): KeyObject {
  const found = readKey(folder)
  if (found) return found
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  writeState(folder.key, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  return privateKey
}

function readKey(folder: StateFolder): KeyObject | undefined {
  try {
    return createPrivateKey(readFileSync(folder.key))
  } catch {
    return undefined // missing or torn: a new one is as good, before there is a certificate for it
  }
}

/**
 * Reads what the controller sends back: JSON with the fields of {@link Enrolment}.
 *
 * @throws {ErrandError} `invalid` when it is none.
 */
export function parseEnrolment(text: string): Enrolment {
  try {
    const { controllerId, certificate, authority } = JSON.parse(text) as Partial<Enrolment>
    if (controllerId && certificate && authority) return { controllerId, certificate, authority }
  } catch {
    // Said below.
  }
  throw new ErrandError(
    'invalid',
    'expected JSON with controllerId, certificate and authority on standard input',
  )
}

/**
 * Checks and installs what the controller sent.
 *
 * @throws {ErrandError} `conflict` when the agent belongs to another controller and `force` is not set; `invalid` when the
 * certificate is not for this agent's key, not by the authority, or without the role of an agent.
 */
export function enrol(
  folder: StateFolder,
  enrolment: Enrolment,
  { force }: { readonly force: boolean },
): AgentIdentity {
  const identity = ensureIdentity(folder)
  const owner = identity.enrolment?.controllerId
  if (owner !== undefined && owner !== enrolment.controllerId && !force) {
    throw new ErrandError('conflict', `this agent belongs to controller ${owner}`)
  }
  const key = readKey(folder)
  if (!key) throw new ErrandError('invalid', 'this agent has no key: ask it for a request first')
  const enrolled = { agentId: checkCertificate(key, enrolment), enrolment }
  writeIdentity(folder, enrolled)
  return enrolled
}

function checkCertificate(key: KeyObject, pems: Enrolment): string {
  const certificate = parseCertificate(pems.certificate, 'certificate')
  const authority = parseCertificate(pems.authority, 'authority')
  if (!certificate.checkPrivateKey(key)) {
    throw new ErrandError('invalid', 'the certificate is not for the key of this agent')
  }
  if (!certificate.verify(authority.publicKey)) {
    throw new ErrandError(
      'invalid',
      'the certificate is not signed by the authority that came with it',
    )
  }
  const { agentId, role } = subjectOf(certificate)
  if (role !== 'agent' || agentId === undefined) {
    throw new ErrandError('invalid', `the certificate has the role ${String(role)}, not agent`)
  }
  return agentId
}

function parseCertificate(pem: string, what: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch (cause) {
    throw new ErrandError('invalid', `the ${what} that came cannot be read`, { cause })
  }
}

function subjectOf(certificate: X509Certificate): {
  readonly agentId?: string
  readonly role?: string
} {
  const agentId = /^CN=(.*)$/mu.exec(certificate.subject)?.[1]
  const role = /^OU=(.*)$/mu.exec(certificate.subject)?.[1]
  return { ...(agentId === undefined ? {} : { agentId }), ...(role === undefined ? {} : { role }) }
}
