import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { SshServer } from './ssh-server.ts'
import type { Target, Targets } from './targets.ts'

/** Who the commands are run as when we are root: then, too, nothing outside the directory can be written. */
const nobody = { uid: 65_534, gid: 65_534 }

/** Where there can be no real hosts: SSH inside this process, every file below one temporary directory. */
export async function processTargets(names: readonly string[]): Promise<Targets> {
  const root = await mkdtemp(join(tmpdir(), 'errand-quickstart-'))
  const isRoot = process.getuid?.() === 0
  await makeOpt(join(root, 'opt'), isRoot)
  const home = join(root, 'controller')
  await mkdir(join(home, '.ssh'), { recursive: true, mode: 0o700 })
  const client = ssh2.utils.generateKeyPairSync('ed25519')
  const keyFile = join(home, '.ssh', 'id_ed25519')
  await writeFile(keyFile, client.private, { mode: 0o600 })
  const servers: SshServer[] = []
  const hosts: Target[] = []
  const knownHosts: string[] = []
  for (const name of names) {
    const hostKey = ssh2.utils.generateKeyPairSync('ed25519')
    const account = isRoot ? nobody : undefined
    const environment = await hostEnvironment(join(root, name), account)
    const server = await SshServer.start({
      hostKey: hostKey.private,
      clientKey: client.public,
      environment,
      account,
    })
    servers.push(server)
    knownHosts.push(`[127.0.0.1]:${server.port} ${hostKey.public}`)
    const agentPort = await freePort()
    const user = environment['USER'] ?? userInfo().username
    hosts.push({ name, address: '127.0.0.1', port: server.port, user, agentPort })
  }
  const knownHostsFile = join(home, '.ssh', 'known_hosts')
  await writeFile(knownHostsFile, `${knownHosts.join('\n')}\n`)
  return {
    hosts,
    prefix: [],
    keyFile,
    knownHostsFile,
    home,
    optFolder: join(root, 'opt'),
    description: `two small SSH servers inside this process, below ${root} (run it as root for real hosts)`,
    async [Symbol.asyncDispose]() {
      for (const server of servers) await server[Symbol.asyncDispose]()
      await rm(root, { recursive: true, force: true })
    },
  }
}

type Account = typeof nobody

/** HOME below the directory, and a PATH on which crontab is refused, so that nothing outside is written. */
async function hostEnvironment(
  folder: string,
  account: Account | undefined,
): Promise<Readonly<Record<string, string>>> {
  const [bin, home] = [join(folder, 'bin'), join(folder, 'home')]
  await mkdir(bin, { recursive: true })
  await mkdir(home)
  if (account) await chown(home, account.uid, account.gid)
  await writeFile(join(bin, 'crontab'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
  const path = process.env['PATH'] ?? '/usr/bin:/bin'
  return { HOME: home, PATH: `${bin}:${path}`, USER: account ? 'nobody' : userInfo().username }
}

/** What stands in for /opt: the one folder that both "hosts" write into. */
async function makeOpt(folder: string, isRoot: boolean): Promise<void> {
  await mkdir(folder)
  if (!isRoot) return
  await chmod(join(folder, '..'), 0o755)
  await chown(folder, nobody.uid, nobody.gid)
}

/** A port that nobody listens on now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
