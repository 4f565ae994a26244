import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BecomeTarget } from '../../../controller/run/ports.ts'
import type { InstallProgress } from '../../../proto/control.ts'
import { Lab } from '../../support/lab.ts'
import { ControllerInLab, failsWith, shellJob, targetOf } from './controller-in-lab.ts'

const skip = Lab.skipReason({ kinds: ['sshd'] })

function sudoWith(password: string | undefined): BecomeTarget {
  return { method: 'sudo', user: 'root', password, flags: undefined }
}

test('prepare() installs with the rights that the login can have', { skip }, async (t) => {
  const lab = await Lab.start(t, { kind: 'sshd' })
  const host = lab.host(1)
  const controller = await ControllerInLab.start(t, lab)
  const whoami = async (target: ReturnType<typeof targetOf>) => {
    const prepared = await controller.prepare(target)
    const spec = shellJob('id -un')
    await controller.start(prepared, spec)
    await controller.wait(spec.jobId)
    const output = await controller.ask<string>({ op: 'output', jobId: spec.jobId })
    assert.equal(prepared.agentUser, Buffer.from(output, 'base64').toString().trim())
    return prepared.agentUser
  }
  const uninstall = async (target: ReturnType<typeof targetOf>) => {
    const steps = await controller.ask<readonly InstallProgress[]>({
      op: 'uninstall',
      targets: [target],
    })
    assert.equal(steps.at(-1)?.step, 'done', JSON.stringify(steps))
  }

  await t.test('as root by a sudo that asks for nothing', async () => {
    const target = targetOf(host, { user: 'deploy' })
    assert.equal(await whoami(target), 'root')
    await uninstall(target)
  })

  await t.test(
    'as root by a sudo with a password, which is in no argument list and no log',
    async () => {
      const target = targetOf(host, { user: 'clerk', become: sudoWith(host.password) })
      assert.equal(await whoami(target), 'root')
      const leaks = await host.run(
        `grep -rl ${host.password} /var/lib/errand-agent /usr/local/lib/errand-agent /var/log`,
      )
      assert.equal(leaks.stdout, '')
      assert.equal(
        (
          await lab.run(['grep', '-c', host.password, `${controller.home}/driver.log`])
        ).stdout.trim(),
        '0',
      )
      await uninstall(target)
    },
  )

  await t.test('a wrong sudo password is one clear sentence', async () => {
    const target = targetOf(host, { user: 'clerk', become: sudoWith('not the password') })
    await failsWith(controller.prepare(target), 'denied', /: sudo does not accept the password/u)
  })

  await t.test('a missing sudo password is one clear sentence', async () => {
    const target = targetOf(host, { user: 'clerk', become: sudoWith(undefined) })
    await failsWith(controller.prepare(target), 'denied', /: sudo .*password/u)
  })

  await t.test("in the user's home when there is no way to root", async () => {
    const target = targetOf(host, { user: 'guest' })
    const before = (await host.run('find /home/guest | sort')).stdout
    assert.equal(await whoami(target), 'guest')
    const places = (
      await host.run('ls -d /var/lib/errand-agent /home/guest/.local/share/errand-agent/state')
    ).stdout
    assert.equal(places, '/home/guest/.local/share/errand-agent/state\n')
    await uninstall(target)
    assert.equal((await host.run('find /home/guest | sort')).stdout, before)
  })

  await t.test('by a password instead of a key', async () => {
    const server =
      '/usr/sbin/sshd -p 2222 -o PidFile=none -o PasswordAuthentication=yes -o PubkeyAuthentication=no'
    assert.equal((await host.run(server)).code, 0)
    const sshCommonArgs = `-o IdentityAgent=none -o UserKnownHostsFile=${lab.directory}/accepted`
    const target = targetOf(host, {
      user: 'guest',
      sshPort: 2222,
      password: host.password,
      sshCommonArgs,
    })
    const request = { op: 'prepare', acceptNewHostKeys: true } as const
    const prepared = await controller.ask<{ readonly agentUser: string }>({ ...request, target })
    assert.equal(prepared.agentUser, 'guest')
    await uninstall(target)
    await failsWith(
      controller.ask({ ...request, target: { ...target, password: 'wrong' } }),
      'denied',
      /did not let guest in: tried the password/u,
    )
  })
})
