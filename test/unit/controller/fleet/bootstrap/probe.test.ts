import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseProbe } from '../../../../../controller/fleet/bootstrap/probe.ts'

/** Recorded on Debian 12 with systemd, a login with sudo and a Node in its home. */
const debian = `system=Linux
machine=x86_64
uid=1000
user=deploy
home=/home/deploy
loader=/lib64/ld-linux-x86-64.so.2
systemd=yes
node=/home/deploy/.nvm/versions/node/v22.3.0/bin/node v22.3.0
node=/usr/bin/node v18.19.0
ipv6=yes
has=gzip
has=crontab
has=sudo
free-sudo=yes
`

/** Recorded on a static busybox without libc; its Node does not run. */
const busybox = `system=Linux
machine=aarch64
uid=0
user=root
home=/root
node=/usr/local/bin/node 
has=gzip
`

test('parseProbe() reads a Debian host', () => {
  assert.deepEqual(parseProbe(debian), {
    system: 'Linux',
    machine: 'x86_64',
    arch: 'x64',
    hasGlibc: true,
    hasSystemd: true,
    hasIpv6: true,
    uid: 1000,
    user: 'deploy',
    home: '/home/deploy',
    nodes: [
      { path: '/home/deploy/.nvm/versions/node/v22.3.0/bin/node', major: 22, isSystem: false },
      { path: '/usr/bin/node', major: 18, isSystem: true },
    ],
    hasGzip: true,
    hasCrontab: true,
    hasSudo: true,
    hasFreeSudo: true,
  })
})

test('parseProbe() reads a busybox host, and counts no Node that does not run', () => {
  const probe = parseProbe(busybox)
  assert.equal(probe?.arch, 'arm64')
  assert.equal(probe?.hasGlibc, false)
  assert.equal(probe?.hasSystemd, false)
  assert.deepEqual(probe?.nodes, [])
})

test('parseProbe() gives nothing for what is no probe', () => {
  assert.equal(parseProbe('This account is not available.\n'), undefined)
})
