/** Mutual TLS 1.3: only certificates of the one authority, with the controller's role, get to a handler. */
import { ServerCredentials } from '@grpc/grpc-js'
import { readFileSync } from 'node:fs'
import type { PeerCertificate } from 'node:tls'
import { ErrandError } from '../proto/errors.ts'
import { readIdentity, type StateFolder } from './state-folder.ts'

/** grpc-js's own way to make these sets neither the version of TLS nor says so; the base class takes both. */
class MutualTls extends ServerCredentials {
  override _equals(other: ServerCredentials): boolean {
    return this === other
  }
}

/**
 * The credentials that this agent serves with.
 *
 * @throws {ErrandError} `denied` when the agent has not been enrolled.
 */
export function serverCredentials(folder: StateFolder): ServerCredentials {
  const enrolment = readIdentity(folder)?.enrolment
  if (!enrolment) {
    throw new ErrandError('denied', 'this agent is not enrolled: a controller has to install it')
  }
  const minVersion = 'TLSv1.3'
  const key = readFileSync(folder.key)
  const { certificate: cert, authority: ca } = enrolment
  const required = { requestCert: true, rejectUnauthorized: true }
  return new MutualTls({ ...required, minVersion }, { key, cert, ca, minVersion })
}

/** What a call knows of who makes it. */
export interface PeerSource {
  getAuthContext(): { readonly sslPeerCertificate?: PeerCertificate }
}

/**
 * Who calls. TLS has checked the authority by now; the role is ours to check.
 *
 * @throws {ErrandError} `denied` for anyone but a controller.
 */
export function controllerOf(call: PeerSource): string {
  const subject = call.getAuthContext().sslPeerCertificate?.subject
  if (!subject) throw new ErrandError('denied', 'an agent serves only with a certificate')
  if (subject.OU !== 'controller') {
    throw new ErrandError(
      'denied',
      `the certificate of ${String(subject.CN)} has not the role of a controller`,
    )
  }
  return String(subject.CN)
}
