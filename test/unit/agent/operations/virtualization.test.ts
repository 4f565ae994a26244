import assert from 'node:assert/strict'
import { test } from 'node:test'
import { virtualizationFacts } from '../../../../agent/operations/facts/virtualization.ts'

const dmi = '/sys/devices/virtual/dmi/id'

/** Files of a machine, and what it is: type, role, what it is a guest of, what it is a host of. */
const machines: readonly (readonly [
  what: string,
  files: Readonly<Record<string, string>>,
  expected: readonly [string, string, readonly string[], readonly string[]],
])[] = [
  ['a machine of its own', {}, ['NA', 'NA', [], []]],
  ['QEMU', { [`${dmi}/sys_vendor`]: 'QEMU' }, ['kvm', 'guest', ['kvm'], []]],
  [
    'a guest that has guests',
    { [`${dmi}/sys_vendor`]: 'QEMU', '/proc/modules': 'kvm 1 0\n', '/dev/kvm': '' },
    ['kvm', 'guest', ['kvm'], ['kvm']],
  ],
  ['a host', { '/proc/modules': 'kvm_amd 1 0\nkvm 1 1\n' }, ['kvm', 'host', [], ['kvm']]],
  ['a virtio driver', { '/proc/modules': 'virtio 1 0\n' }, ['kvm', 'guest', [], ['kvm']]],
  [
    'OpenStack',
    { [`${dmi}/sys_vendor`]: 'OpenStack Foundation', [`${dmi}/product_name`]: 'OpenStack Nova' },
    ['openstack', 'guest', ['openstack'], []],
  ],
  ['a new VMware', { [`${dmi}/product_name`]: 'VMware20,1' }, ['VMware', 'guest', ['VMware'], []]],
  [
    'Hyper-V',
    { [`${dmi}/sys_vendor`]: 'Microsoft Corporation' },
    ['VirtualPC', 'guest', ['VirtualPC'], []],
  ],
  ['Docker', { '/.dockerenv': '' }, ['docker', 'guest', ['docker', 'container'], []]],
  [
    'LXC on KVM',
    { '/proc/1/environ': 'PATH=/bin\0container=lxc\0', [`${dmi}/sys_vendor`]: 'QEMU' },
    ['lxc', 'guest', ['lxc', 'container', 'kvm'], []],
  ],
  [
    'systemd-nspawn',
    { '/run/systemd/container': 'systemd-nspawn' },
    ['systemd-nspawn', 'guest', ['systemd-nspawn', 'container'], []],
  ],
  ['OpenVZ', { '/proc/vz': '' }, ['openvz', 'guest', ['openvz', 'container'], []]],
  [
    'the first domain of Xen',
    { '/proc/xen': '', '/proc/xen/capabilities': 'control_d' },
    ['xen', 'host', [], ['xen']],
  ],
  ['a mainframe', { '/proc/cpuinfo': 'vendor_id : IBM/S390' }, ['PR/SM', 'LPAR', ['PR/SM'], []]],
]

for (const [what, files, [type, role, guest, host]] of machines) {
  test(`virtualizationFacts() knows ${what}`, () => {
    const facts = virtualizationFacts({
      content: (file) => files[file],
      isThere: (path) => path in files,
    })
    assert.deepEqual(facts, {
      virtualization_type: type,
      virtualization_role: role,
      virtualization_tech_guest: guest,
      virtualization_tech_host: host,
    })
  })
}
