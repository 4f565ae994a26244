import assert from 'node:assert/strict'
import { test } from 'node:test'
import { normalise, withoutJobsOut } from '../../conformance/normalise.ts'
import { orderHosts } from '../../conformance/order.ts'

const around = { directory: '/tmp/lab/cases/1/case', home: '/tmp/lab/home', network: '10.77.9' }

const BLURRED: readonly (readonly [text: string, expected: string])[] = [
  ['included: /tmp/lab/cases/1/case/a.yml for web1', 'included: CASE/a.yml for web1'],
  [
    '{"delta": "0:00:01.002003", "end": "2024-01-02 03:04:05.678901"}',
    '{"delta": "DELTA", "end": "TIME"}',
  ],
  ['jid=j123456789012.4711 started=1', 'jid=JID started=1'],
  ['"results_file": "/root/.ansible_async/j1.2"', '"results_file": "RESULTS_FILE"'],
  ['"mtime": 1700000000.25, "size": 12', '"mtime": 0, "size": 12'],
  ['"src": "/root/.ansible/tmp/ansible-tmp-17.5-1-2/source"', '"src": "TMP"'],
  ['at 10.77.9.1', 'at 10.77.0.1'],
  [
    'fatal: [h]: UNREACHABLE! => {"changed": false, "msg": "say \\"no\\"", "unreachable": true}',
    'fatal: [h]: UNREACHABLE! => {"changed": false, "msg": "REASON", "unreachable": true}',
  ],
  ['"stdout": "a\\r\\n"', '"stdout": "a\\n"'],
  ['"rc": 3, "mode": "0644"', '"rc": 3, "mode": "0644"'],
]

for (const [text, expected] of BLURRED) {
  test(`normalise() makes of ${text}`, () => {
    assert.equal(normalise(text, around, 'modules'), expected)
  })
}

test('normalise() counts the looks at a job as none or one in the chapters about them', () => {
  const polls = 'ASYNC POLL on h: jid=j1.2 started=1 finished=0\n'
  assert.equal(normalise(polls.repeat(3), around, 'async'), '')
  assert.equal(normalise(polls.repeat(3), around, 'async-looks').split('\n').length, 2)
  assert.equal(normalise(polls.repeat(3), around, 'loops').split('\n').length, 4)
})

test('withoutJobsOut() keeps the recap', () => {
  const recap = 'PLAY RECAP ***\nweb1 : ok=1\n\n'
  const out = 'JOBS STILL OUT, errand wait --run r17-abc waits for them:\nweb1 : j1.2 sleep\n\n'
  assert.equal(withoutJobsOut(`${recap}${out}`), recap)
})

test('orderHosts() orders results by host, keeping a host’s own order and what belongs to a result', () => {
  const said = [
    'TASK [x] ***',
    'ok: [b] => {',
    '    "msg": 1',
    '}',
    'changed: [b] => (item=2)',
    '--- before',
    '+++ after',
    'changed: [a]',
    'fatal: [a]: FAILED! => {"rc": 1}',
    '...ignoring',
    '',
    'PLAY RECAP ***',
  ]
  const order = [0, 5, 6, 7, 8, 9, 1, 2, 3, 4, 10, 11]
  assert.equal(orderHosts(said.join('\n')), order.map((index) => said[index]).join('\n'))
})

test('orderHosts() orders what is said of hosts ad hoc, and the hosts of a listing', () => {
  const said = 'b | SUCCESS => {\n    "x": 1\n}\na | CHANGED | rc=0 >>\nhello\n'
  const ordered = 'a | CHANGED | rc=0 >>\nhello\nb | SUCCESS => {\n    "x": 1\n}\n'
  assert.equal(orderHosts(said), ordered)
  const listed = '    hosts (2):\n      b\n      a\n    tasks:\n      z\n      y\n'
  const sorted = '    hosts (2):\n      a\n      b\n    tasks:\n      z\n      y\n'
  assert.equal(orderHosts(listed), sorted)
})
