import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { Kind } from '../../lab/kinds.ts'
import type { LabHost } from '../../lab/lab-host.ts'
import { Lab } from '../../support/lab.ts'

interface Traits {
  readonly kind: Kind
  readonly pid1: string
  /** Programs that must be there, and programs that must not. */
  readonly has: readonly string[]
  readonly lacks: readonly string[]
  /** Whether a program linked against glibc runs there. */
  readonly runsGlibc: boolean
  readonly hasSftp: boolean
}

const KINDS: readonly Traits[] = [
  {
    kind: 'sshd',
    pid1: 'sh',
    has: ['bash', 'sudo', 'node'],
    lacks: [],
    runsGlibc: true,
    hasSftp: true,
  },
  {
    kind: 'sshd-no-node',
    pid1: 'sh',
    has: ['bash', 'sudo'],
    lacks: ['node', 'nodejs', 'python3'],
    runsGlibc: true,
    hasSftp: true,
  },
  {
    kind: 'systemd',
    pid1: 'systemd',
    has: ['bash', 'sudo', 'systemctl'],
    lacks: ['node', 'python3'],
    runsGlibc: true,
    hasSftp: true,
  },
  {
    kind: 'bare',
    pid1: 'sh',
    has: ['sh', 'setsid'],
    lacks: ['bash', 'node', 'python3', 'sudo'],
    runsGlibc: true,
    hasSftp: false,
  },
  {
    kind: 'busybox',
    pid1: 'sh',
    has: ['sh', 'setsid'],
    lacks: ['bash', 'node', 'python3', 'sudo'],
    runsGlibc: false,
    hasSftp: false,
  },
]

for (const traits of KINDS) {
  const skip = Lab.skipReason({ kinds: [traits.kind] })
  test(`startLab() gives a ${traits.kind} host that is what its name says`, { skip }, async (t) => {
    const lab = await Lab.start(t, { kind: traits.kind })
    const host = lab.host(1)
    assert.equal(await said(host, 'hostname'), host.name)
    assert.equal(await said(host, 'cat /proc/1/comm'), traits.pid1)
    for (const program of traits.has) {
      assert.ok((await host.ssh(`command -v ${program}`)).code === 0, `${program} is there`)
    }
    for (const program of traits.lacks) {
      assert.ok((await host.ssh(`command -v ${program}`)).code !== 0, `${program} is not there`)
    }
    const sftp = ['-F', 'none', '-i', lab.keyFile, '-o', `UserKnownHostsFile=${lab.knownHostsFile}`]
    const listed = await lab.run(['sftp', '-b', '-', ...sftp, `root@${host.address}`], {
      input: 'ls /',
    })
    assert.equal(listed.code === 0, traits.hasSftp, listed.stderr)
    const input = await readFile(process.execPath)
    const copied = await host.ssh('cat >node && chmod 755 node && ./node -p 40+2', { input })
    assert.equal(copied.stdout.trim() === '42', traits.runsGlibc, copied.stderr)
  })
}

async function said(host: LabHost, script: string): Promise<string> {
  const result = await host.ssh(script)
  assert.equal(result.code, 0, result.stderr)
  return result.stdout.trim()
}
