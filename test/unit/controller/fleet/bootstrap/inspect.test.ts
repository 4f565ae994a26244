import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseInstalled } from '../../../../../controller/fleet/bootstrap/inspect.ts'

/** Recorded on a host whose agent runs, its runtime gone, and is being upgraded. */
const running = `
--8<-- errand program
bundle=yes
launcher=yes

--8<-- errand status
{"port":7433,"address":"[::]","agentId":"a7cb8ce07cb9df63823cb5eea","pid":703}

--8<-- errand identity
{"agentId":"a7cb8ce07cb9df63823cb5eea","enrolment":{"controllerId":"c20d26c884bc8edbf2924c2cf","certificate":"PEM","authority":"PEM"}}

--8<-- errand unit
[Unit]
Description=x

--8<-- errand enabled
enabled

--8<-- errand active
failed

--8<-- errand upgrade
yes

--8<-- errand port
node (pid 703)
`

test('parseInstalled() takes the answer of a host apart', () => {
  assert.deepEqual(parseInstalled(running), {
    program: { isBundleThere: true, isNodeThere: false, isLauncherThere: true },
    status: { isRunning: true, port: 7433 },
    identity: { kind: 'enrolled', controllerId: 'c20d26c884bc8edbf2924c2cf', certificate: 'PEM' },
    unitText: '[Unit]\nDescription=x',
    isUnitEnabled: true,
    isUnitActive: false,
    isUpgrading: true,
    portOwner: 'node (pid 703)',
  })
})

test('parseInstalled() reads a host where nothing is', () => {
  const nothing = ['program', 'status', 'identity', 'unit', 'enabled', 'active', 'upgrade', 'port']
  const installed = parseInstalled(nothing.map((name) => `\n--8<-- errand ${name}\n`).join(''))
  assert.deepEqual(installed, {
    program: { isBundleThere: false, isNodeThere: false, isLauncherThere: false },
    status: undefined,
    identity: { kind: 'none' },
    unitText: undefined,
    isUnitEnabled: false,
    isUnitActive: false,
    isUpgrading: false,
    portOwner: undefined,
  })
})

test('parseInstalled() tells a damaged identity from none', () => {
  assert.deepEqual(parseInstalled('\n--8<-- errand identity\n{"agentId":"a7').identity, {
    kind: 'damaged',
  })
  assert.deepEqual(parseInstalled('\n--8<-- errand identity\n{"agentId":"a7"}').identity, {
    kind: 'none',
  })
})

test('parseInstalled() knows an agent that does not run from one that does', () => {
  const installed = parseInstalled('\n--8<-- errand status\n{"running":false}\n')
  assert.deepEqual(installed.status, { isRunning: false, port: undefined })
})
