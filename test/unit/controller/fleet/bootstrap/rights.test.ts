import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseProbe, type Probe } from '../../../../../controller/fleet/bootstrap/probe.ts'
import { chooseRights } from '../../../../../controller/fleet/bootstrap/rights.ts'
import type { BecomeTarget } from '../../../../../controller/run/ports.ts'
import { ErrandError } from '../../../../../proto/errors.ts'

function probeOf(uid: number, hasFreeSudo: boolean): Probe {
  const text = `system=Linux\nmachine=x86_64\nuid=${uid}\nuser=deploy\nfree-sudo=${hasFreeSudo ? 'yes' : 'no'}\n`
  return parseProbe(text) as Probe
}

const sudo: BecomeTarget = {
  method: 'sudo',
  user: 'root',
  password: 'secret word',
  flags: undefined,
}

test('chooseRights() needs nothing for a login that is root', () => {
  const rights = chooseRights(probeOf(0, false), { become: sudo, host: 'web1' })
  assert.deepEqual(rights, { isRoot: true, elevation: undefined, description: 'as root' })
})

test('chooseRights() takes a sudo that asks for nothing', () => {
  const { isRoot, elevation } = chooseRights(probeOf(1, true), { become: undefined, host: 'web1' })
  assert.equal(isRoot, true)
  assert.equal(elevation?.wrap('/bin/sh -c x'), 'sudo -H -n -u root /bin/sh -c x')
})

test('chooseRights() installs for the user when there is no way to root', () => {
  const rights = chooseRights(probeOf(1, false), { become: undefined, host: 'web1' })
  assert.equal(rights.isRoot, false)
  assert.equal(rights.elevation, undefined)
})

for (const method of ['sudo', 'su'] as const) {
  test(`chooseRights() never puts the password for ${method} into the command`, () => {
    const { elevation } = chooseRights(probeOf(1, false), {
      become: { ...sudo, method },
      host: 'web1',
    })
    assert.equal(elevation?.password, 'secret word')
    assert.doesNotMatch(elevation?.wrap("/bin/sh -c 'x'") ?? '', /secret/u)
  })
}

test('chooseRights() makes sudo ask again, so that the password is never read by the script', () => {
  const { elevation } = chooseRights(probeOf(1, false), { become: sudo, host: 'web1' })
  assert.match(elevation?.wrap('x') ?? '', /^sudo -H -k -S -p errand-password: -u root x$/u)
})

test('chooseRights() refuses to install as a third user', () => {
  assert.throws(
    () => chooseRights(probeOf(1, false), { become: { ...sudo, user: 'app' }, host: 'web1' }),
    ErrandError,
  )
})
