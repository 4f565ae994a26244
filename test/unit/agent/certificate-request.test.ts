import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import '../../../controller/fleet/reflect.ts'
import { certificateRequest } from '../../../agent/certificate-request.ts'

test('certificateRequest() makes what a certificate authority reads and can verify', async () => {
  const { Pkcs10CertificateRequest } = await import('@peculiar/x509')
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const request = new Pkcs10CertificateRequest(certificateRequest(privateKey, 'a0123'))
  assert.equal(await request.verify(), true)
  assert.equal(request.subject, 'CN=a0123')
  const der = publicKey.export({ type: 'spki', format: 'der' })
  assert.deepEqual(Buffer.from(request.publicKey.rawData), der)
})
