import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  chooseNode,
  type NodeChoice,
} from '../../../../../controller/fleet/bootstrap/choose-node.ts'
import { rootLayout } from '../../../../../controller/fleet/bootstrap/layout.ts'
import {
  parseProbe,
  type Arch,
  type Probe,
} from '../../../../../controller/fleet/bootstrap/probe.ts'
import { ErrandError } from '../../../../../proto/errors.ts'

const hash = 'ab'.repeat(32)

interface Question {
  readonly facts?: readonly string[]
  readonly isRoot?: boolean
  readonly runtimeFile?: string
  readonly hasPackaged?: boolean
}

function choose({
  facts = [],
  isRoot = true,
  runtimeFile,
  hasPackaged = true,
}: Question): Promise<NodeChoice> {
  const given = ['system=Linux', 'machine=x86_64', 'uid=0', ...facts]
  // Later facts of a name win here, so that a test can change one.
  const byName = new Map(
    given.map((line) => [line.startsWith('node=') ? line : line.split('=')[0], line]),
  )
  const probe = parseProbe([...byName.values()].join('\n')) as Probe
  return chooseNode(probe, {
    host: 'web1',
    layout: rootLayout,
    isRoot,
    runtimeFile,
    packagedRuntime: (arch: Arch) => (hasPackaged && arch === 'x64' ? '/packaged/node' : undefined),
    open: (path) => Promise.resolve({ path, hash }),
  })
}

const sent = (path: string) => ({
  kind: 'sent',
  path: `/usr/local/lib/errand-agent/node-${hash.slice(0, 16)}`,
  parcel: { path, hash },
})

test("chooseNode() takes the host's own Node when it is new enough", async () => {
  assert.deepEqual(await choose({ facts: ['node=/usr/bin/node v20.1.0'] }), {
    kind: 'own',
    path: '/usr/bin/node',
  })
})

test('chooseNode() sends the packaged runtime when the Node there is too old', async () => {
  const facts = ['node=/usr/bin/node v18.1.0', 'loader=/lib64/ld-linux-x86-64.so.2']
  assert.deepEqual(await choose({ facts }), sent('/packaged/node'))
})

test("chooseNode() never runs as root a Node that a user owns, and takes it for that user's agent", async () => {
  const facts = ['node=/home/u/node v24.1.0', 'loader=/lib64/ld-linux-x86-64.so.2']
  assert.deepEqual(await choose({ facts }), sent('/packaged/node'))
  assert.deepEqual(await choose({ facts, isRoot: false }), { kind: 'own', path: '/home/u/node' })
})

test('chooseNode() prefers the file that was named, also without glibc', async () => {
  const facts = ['node=/usr/bin/node v24.1.0']
  assert.deepEqual(await choose({ facts, runtimeFile: '/my/node' }), sent('/my/node'))
})

const refusals: readonly (readonly [string, Question, RegExp])[] = [
  ['without glibc', {}, /^web1 has no glibc, .*--node-runtime FILE$/u],
  [
    'of another system',
    { facts: ['system=FreeBSD'] },
    /^web1 runs FreeBSD; an agent needs Linux$/u,
  ],
  [
    'of another architecture',
    { facts: ['machine=riscv64', 'loader=/lib/x'] },
    /no runtime here for its architecture riscv64/u,
  ],
  [
    'when nothing is packaged',
    { facts: ['loader=/lib/x'], hasPackaged: false },
    /no runtime here for its architecture x86_64/u,
  ],
]
for (const [what, question, sentence] of refusals) {
  test(`chooseNode() says in one sentence that a host ${what} cannot be had`, async () => {
    await assert.rejects(choose(question), (error) => {
      assert.ok(error instanceof ErrandError)
      assert.equal(error.code, 'unsupported')
      assert.match(error.message, sentence)
      return true
    })
  })
}
