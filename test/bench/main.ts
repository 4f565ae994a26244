/**
 * What an agent and the language cost, then times of whole commands on two lab hosts; ratios against Ansible where it is
 * installed. Needs root. Prints a table; asserts nothing, since machines differ.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLab, type Lab } from '../lab/lab.ts'
import { skipReason } from '../lab/skip-reason.ts'
import { Errand } from '../support/errand.ts'
import { benchAgent } from './agent.ts'
import { compare, row } from './compare.ts'
import { benchLanguage } from './language.ts'

const rounds = 7

/** A job that ends long before its poll is due. */
const shortJob = `- hosts: all
  gather_facts: false
  tasks:
    - command: sleep 1.2
      async: 120
      poll: 60
`

const twentyTasks = `- hosts: all
  gather_facts: false
  tasks:
    - command: 'true'
      loop: "{{ range(20) | list }}"
`

const polled = `- hosts: all
  gather_facts: false
  tasks:
    - command: sleep 4
      async: 60
      poll: 1
`

await benchAgent()
await benchLanguage()
const reason = skipReason()
if (reason === false) await bench()
else process.stderr.write(`bench: ${reason}\n`)

async function bench(): Promise<void> {
  await using lab = await startLab({ hosts: 2 })
  const folder = await mkdtemp(join(tmpdir(), 'errand-bench-'))
  const errand = new Errand({ folder, prefix: lab.controllerPrefix, userHome: lab.home, env: {} })
  try {
    await writeFile(join(folder, 'hosts'), lab.inventoryText({}))
    for (const [name, text] of Object.entries({ shortJob, twentyTasks, polled })) {
      await errand.write(`${name}.yml`, text)
    }
    await errand.run(['install', '-i', 'hosts', 'all'])
    await noticed(errand)
    await compared(lab, errand, 'twentyTasks')
    await compared(lab, errand, 'polled')
  } finally {
    await errand.run(['controller', 'stop'])
    await rm(folder, { recursive: true, force: true })
  }
}

interface EventLine {
  readonly atMs: number
  readonly body: { readonly kind: string; readonly jobId?: string }
}

/** From the end of a job, by its host's clock (the same machine's), to the event in the run's record. */
async function noticed(errand: Errand): Promise<void> {
  const delays: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const events = (await errand.json([
      'run',
      '-i',
      'hosts',
      'shortJob.yml',
    ])) as unknown as EventLine[]
    for (const { atMs, body } of events.filter((event) => event.body.kind === 'async_ok')) {
      const [job] = await errand.json(['status', String(body.jobId)])
      delays.push(atMs - Number(job?.['endedAtMs']))
    }
  }
  row('end of a job noticed, poll: 60', delays, 'ms')
}

async function compared(lab: Lab, errand: Errand, name: string): Promise<void> {
  const argv = [...lab.controllerPrefix, 'ansible-playbook', '-i', 'hosts', `${name}.yml`]
  await compare(name, {
    ours: () => errand.run(['run', '-i', 'hosts', `${name}.yml`]),
    theirs: { argv, folder: errand.folder, home: lab.home },
  })
}
