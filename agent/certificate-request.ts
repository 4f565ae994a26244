/** A certificate request (PKCS#10) in the little DER that it takes. */
import { createPublicKey, sign, type KeyObject } from 'node:crypto'

/** A request for `commonName`, signed with a P-256 key, as PEM. */
export function certificateRequest(key: KeyObject, commonName: string): string {
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' })
  const attribute = sequence(
    objectId(oids.commonName),
    tagged(0x0c, Buffer.from(commonName, 'utf8')),
  )
  const info = sequence(
    tagged(0x02, Buffer.of(0)),
    sequence(tagged(0x31, attribute)),
    publicKey,
    tagged(0xa0, Buffer.alloc(0)),
  )
  const signature = tagged(0x03, Buffer.concat([Buffer.of(0), sign('sha256', info, key)]))
  return pem('CERTIFICATE REQUEST', sequence(info, sequence(objectId(oids.ecdsaSha256)), signature))
}

/** The bytes of object identifiers. */
const oids = {
  /** 2.5.4.3 */
  commonName: [0x55, 0x04, 0x03],
  /** 1.2.840.10045.4.3.2 */
  ecdsaSha256: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
} as const

function objectId(bytes: readonly number[]): Buffer {
  return tagged(0x06, Buffer.from(bytes))
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return tagged(0x30, Buffer.concat(parts))
}

function tagged(tag: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(tag), length(content.length), content])
}

function length(bytes: number): Buffer {
  if (bytes < 0x80) return Buffer.of(bytes)
  return bytes < 0x100 ? Buffer.of(0x81, bytes) : Buffer.of(0x82, bytes >> 8, bytes & 0xff)
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/gu) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
