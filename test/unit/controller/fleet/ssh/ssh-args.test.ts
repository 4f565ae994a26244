import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jumpOfProxyCommand, parseSshArgs } from '../../../../../controller/fleet/ssh/ssh-args.ts'
import { ErrandError } from '../../../../../proto/errors.ts'

test('parseSshArgs() reads -o in all its forms, -J, -i and -F', () => {
  const text = `-C -q -o UserKnownHostsFile=/a -oPort=2222 -o "ProxyJump x,y" -i '/a b' -i/c -F /cfg -o ControlMaster=auto`
  const { options, configFile } = parseSshArgs(text)
  assert.deepEqual(Object.fromEntries(options), {
    userknownhostsfile: ['/a'],
    port: ['2222'],
    proxyjump: ['x,y'],
    identityfile: ['/a b', '/c'],
    controlmaster: ['auto'],
  })
  assert.equal(configFile, '/cfg')
})

test('parseSshArgs() lets the first value of a name win', () => {
  assert.deepEqual(parseSshArgs('-o User=a -l b').options.get('user'), ['a'])
})

for (const text of ['nonsense', '-o', '-J', '--verbose']) {
  test(`parseSshArgs() refuses ${text}`, () => {
    assert.throws(() => parseSshArgs(text), ErrandError)
  })
}

const commands: readonly (readonly [string, string | undefined])[] = [
  ['ssh -W %h:%p bastion', 'bastion'],
  ['ssh -W %h:%p -q admin@bastion', 'admin@bastion'],
  ['/usr/bin/ssh -q -p 2222 -l admin -W %h:%p bastion', 'admin@bastion:2222'],
  ['nc %h %p', undefined],
  ['ssh bastion nc %h %p', undefined],
]
for (const [command, jump] of commands) {
  test(`jumpOfProxyCommand() reads ${command}`, () => {
    assert.equal(jumpOfProxyCommand(command), jump)
  })
}
