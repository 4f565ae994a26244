import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Target, Targets } from './targets.ts'

const example = join(import.meta.dirname, '..', 'example')

/** Copies the example below `folder`, beside an inventory `hosts` of the targets. The six playbooks stay as they are. */
export async function layOutExample(folder: string, targets: Targets): Promise<void> {
  await cp(example, folder, { recursive: true })
  if (targets.optFolder !== '/opt') await replaceOpt(folder, targets.optFolder)
  await writeFile(join(folder, 'hosts'), inventory(targets))
}

/** Only where two "hosts" are one machine and its /opt is not ours: then even the paths in the playbooks move. */
async function replaceOpt(folder: string, optFolder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    if (!entry.isFile() || !entry.name.endsWith('.yml')) continue
    const file = join(entry.parentPath, entry.name)
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replaceAll('/opt', optFolder))
  }
}

function inventory(targets: Targets): string {
  const [database, web] = targets.hosts
  if (!database || !web) throw new Error('the example needs two hosts')
  return `[db_server]
${hostLine(database, targets)}

[web_server]
${hostLine(web, targets)}

[db_and_web_server:children]
db_server
web_server
`
}

function hostLine(host: Target, { keyFile, knownHostsFile }: Targets): string {
  return [
    host.name,
    `ansible_host=${host.address}`,
    `ansible_port=${host.port}`,
    `ansible_user=${host.user}`,
    `ansible_ssh_private_key_file=${keyFile}`,
    `ansible_ssh_common_args='-o UserKnownHostsFile=${knownHostsFile}'`,
    `errand_port=${host.agentPort}`,
  ].join(' ')
}
