import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dateFacts, weekNumber } from '../../../../agent/operations/facts/date-facts.ts'
import { humanSize } from '../../../../agent/operations/facts/human-size.ts'
import {
  boundPlaces,
  formFactorOf,
  memoryFacts,
  processorFacts,
} from '../../../../agent/operations/facts/hardware.ts'
import { parseFact } from '../../../../agent/operations/facts/local-facts.ts'
import {
  dnsFacts,
  parseBroadcasts,
  parseDefaultRoute,
} from '../../../../agent/operations/facts/network.ts'
import { nameInHosts } from '../../../../agent/operations/facts/platform.ts'
import { capabilitiesOf } from '../../../../agent/operations/facts/initiator-facts.ts'
import { parseTimestamp } from '../../../../agent/operations/file-time.ts'
import { jsonWithFloats, PythonFloat } from '../../../../agent/operations/python-float.ts'
import { backupTime, splitWords } from '../../../../agent/operations/replace-file.ts'
import { parseTcpTable } from '../../../../agent/operations/tcp-table.ts'

test('parseDefaultRoute() takes the default route with the lowest metric', () => {
  const head = 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n'
  const lines = [
    'eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000',
    'eth1\t00000000\t0100000A\t0003\t0\t0\t50\t00000000',
  ]
  assert.deepEqual(parseDefaultRoute(head + lines.join('\n')), {
    name: 'eth1',
    gateway: '10.0.0.1',
    metric: 50,
  })
  assert.equal(parseDefaultRoute(head), undefined)
})

test('parseBroadcasts() takes those that were given', () => {
  const lines = [
    String.raw`1: lo    inet 127.0.0.1/8 scope host lo\       valid_lft forever`,
    String.raw`4: eth0    inet 192.0.2.2/24 brd 192.0.2.255 scope global eth0\       valid_lft forever`,
    String.raw`5: eth1    inet 192.0.2.9/24 scope global eth1\       valid_lft forever`,
  ]
  const found = parseBroadcasts(lines.join('\n'))
  assert.deepEqual(found && Object.fromEntries(found), { '192.0.2.2': '192.0.2.255' })
  assert.equal(parseBroadcasts(undefined), undefined)
})

test('parseTcpTable() reads addresses of both families', () => {
  const line = (local: string, remote: string, state: string) =>
    `  0: ${local} ${remote} ${state} 0`
  const [one, two, three] = parseTcpTable(
    [
      'head',
      line('0100007F:1F90', '0200007F:0050', '01'),
      line('0000000000000000FFFF00000100007F:0016', '00000000000000000000000000000000:0000', '0A'),
      line('000080FE000000000000000001000000:0016', '00000000000000000000000001000000:0000', '06'),
    ].join('\n'),
  )
  assert.deepEqual(one, {
    localAddress: '127.0.0.1',
    localPort: 8080,
    remoteAddress: '127.0.0.2',
    state: 'ESTABLISHED',
  })
  assert.deepEqual([two?.localAddress, two?.localPort, two?.state], ['127.0.0.1', 22, 'LISTEN'])
  assert.deepEqual([three?.localAddress, three?.remoteAddress], ['fe80::1', '::1'])
})

test('dnsFacts() reads every kind of line', () => {
  const text =
    'nameserver 10.0.0.1 # one\nnameserver 10.0.0.2\nsearch a.b c.d\noptions ndots:2 rotate\n'
  assert.deepEqual(dnsFacts(text), {
    nameservers: ['10.0.0.1', '10.0.0.2'],
    search: ['a.b', 'c.d'],
    options: { ndots: '2', rotate: true },
  })
})

test('processorFacts() and memoryFacts() count', () => {
  const cpu = (number: number) =>
    `processor : ${number}\nvendor_id : V\nmodel name : M\nphysical id : 0\nsiblings : 4\ncpu cores : 2\n`
  const facts = processorFacts([0, 1, 2, 3].map(cpu).join('\n'))
  assert.deepEqual(
    [
      facts['processor_count'],
      facts['processor_cores'],
      facts['processor_threads_per_core'],
      facts['processor_vcpus'],
    ],
    [1, 2, 2, 4],
  )
  assert.deepEqual((facts['processor'] as string[]).slice(0, 3), ['0', 'V', 'M'])
  const memory = memoryFacts('MemTotal: 2048 kB\nMemFree: 1024 kB\nBuffers: 0 kB\nCached: 512 kB\n')
  assert.deepEqual([memory['memtotal_mb'], memory['memfree_mb']], [2, 1])
})

test('humanSize() writes sizes as Ansible does', () => {
  assert.deepEqual([0, 1536, 256 * 1024 ** 3].map(humanSize), [
    '0.00 Bytes',
    '1.50 KB',
    '256.00 GB',
  ])
})

test('weekNumber() counts weeks from the first Monday', () => {
  assert.equal(weekNumber(new Date(2026, 10, 24)), 47)
  assert.equal(weekNumber(new Date(2026, 0, 1)), 0)
  assert.equal(weekNumber(new Date(2026, 0, 5)), 1)
})

test('dateFacts() agrees with itself', () => {
  const facts = dateFacts(new Date(2026, 10, 24, 5, 6, 7))
  assert.deepEqual(
    [facts['date'], facts['time'], facts['weekday'], facts['iso8601_basic_short']],
    ['2026-11-24', '05:06:07', 'Tuesday', '20261124T050607'],
  )
})

test('parseFact() takes JSON and INI', () => {
  assert.deepEqual(parseFact('{"a": 1}'), { a: 1 })
  assert.deepEqual(parseFact('[general]\nName = x\n# c\n[b]\nk: v\n'), {
    general: { name: 'x' },
    b: { k: 'v' },
  })
  assert.deepEqual(parseFact('[a]\nk = one\n  two\n'), { a: { k: 'one\ntwo' } })
  assert.equal(parseFact('nonsense'), undefined)
})

test('nameInHosts() prefers the name with a domain', () => {
  assert.equal(
    nameInHosts('127.0.0.1 localhost\n10.0.0.1 web.example.org web # x\n', 'web'),
    'web.example.org',
  )
  assert.equal(nameInHosts('127.0.0.1 localhost', 'web'), undefined)
})

test('nameInHosts() takes the first line of the address, as the resolver does', () => {
  assert.equal(nameInHosts('127.0.0.1 localhost\n127.0.0.1 web', 'web'), 'localhost')
  assert.equal(nameInHosts('10.0.0.1 web web.example.org', 'web'), 'web.example.org')
})

test('boundPlaces() are those whose source has a folder in brackets', () => {
  const text = '/        /dev/vda1        ext4\n/srv/a   /dev/vda1[/data/a] ext4\n'
  assert.deepEqual([...boundPlaces(text)], ['/srv/a'])
})

test('formFactorOf() names what the firmware numbers', () => {
  assert.deepEqual([undefined, '', '3', '17', '99'].map(formFactorOf), [
    'NA',
    'NA',
    'Desktop',
    'Main Server Chassis',
    'unknown (99)',
  ])
})

test('capabilitiesOf() reads capsh', () => {
  assert.deepEqual(capabilitiesOf(undefined), {
    system_capabilities_enforced: 'N/A',
    system_capabilities: 'N/A',
  })
  assert.deepEqual(capabilitiesOf('Current: =ep\n'), {
    system_capabilities_enforced: 'False',
    system_capabilities: [],
  })
  assert.deepEqual(capabilitiesOf('Current: = cap_chown,cap_kill+ep\nBounding set =x'), {
    system_capabilities_enforced: 'True',
    system_capabilities: ['cap_chown', 'cap_kill+ep'],
  })
})

test('parseTimestamp() reads local times by their format', () => {
  assert.equal(
    parseTimestamp('202001020304.05', '%Y%m%d%H%M.%S'),
    new Date(2020, 0, 2, 3, 4, 5).getTime() / 1000,
  )
  assert.throws(() => parseTimestamp('x', '%Y'), /does not match format/u)
})

test('splitWords() splits as a shell does', () => {
  assert.deepEqual(splitWords(`a 'b c' "d \\" e" f\\ g h"i"'j'`), [
    'a',
    'b c',
    'd " e',
    'f g',
    'hij',
  ])
})

test('backupTime() is as Ansible names backups', () => {
  assert.equal(backupTime(new Date(2026, 10, 24, 5, 6, 7)), '2026-11-24@05:06:07')
})

test('jsonWithFloats() writes whole floats as Python does', () => {
  assert.equal(
    jsonWithFloats({ a: new PythonFloat(2), b: new PythonFloat(2.5), c: 2 }),
    '{"a":2.0,"b":2.5,"c":2}',
  )
})
