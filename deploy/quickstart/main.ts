/**
 * Shows errand at work to somebody who has just cloned it: two throwaway SSH targets, agents, the six playbooks with
 * short monitors, jobs, status and logs. Cleans up after itself, also when it is broken off.
 */
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { skipReason } from '../../test/lab/skip-reason.ts'
import { layOutExample } from './example.ts'
import { labTargets } from './lab-targets.ts'
import { processTargets } from './process-targets.ts'
import { Show } from './show.ts'
import type { Targets } from './targets.ts'

const names = ['db1', 'web1']
const monitors = ['-e', 'monitor_seconds=4 monitor_interval=1']

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`quickstart: ${error instanceof Error ? error.message : String(error)}\n`)
  return 1
})

async function main(): Promise<number> {
  const startedAtMs = Date.now()
  await using targets = await openTargets()
  const folder = await mkdtemp(join(tmpdir(), 'errand-example-'))
  const show = new Show(targets, folder)
  process.once('SIGINT', () => {
    show.stop()
  })
  try {
    await layOutExample(folder, targets)
    say(`Two targets: ${targets.description}.`)
    await play(show)
    say(`Done in ${Math.round((Date.now() - startedAtMs) / 1000)} s. Nothing is left of it.`)
    return 0
  } finally {
    // Two hosts that are one machine would go on serving the example otherwise.
    for (const service of ['mysql_db', 'flask_web']) {
      const stop = `${targets.optFolder}/detached/detached.sh stop ${targets.optFolder}/${service}`
      await show.quietly(['exec', '-i', 'hosts', 'all', '-a', stop])
    }
    await show.quietly(['uninstall', '-i', 'hosts', 'all', '--force'])
    await show.quietly(['controller', 'stop'])
    await rm(folder, { recursive: true, force: true })
  }
}

/** Real hosts where this machine and our rights allow them, else SSH inside this process. */
async function openTargets(): Promise<Targets> {
  const reason = skipReason({ packages: ['python3-minimal'] })
  if (reason === false) return await labTargets(names)
  say(`No real hosts: ${reason}.`)
  needPython()
  return await processTargets(names)
}

function needPython(): void {
  if (spawnSync('python3', ['--version']).status === 0) return
  throw new Error("the example's monitors are written in Python: install python3 and try again")
}

async function play(show: Show): Promise<void> {
  say('Agents are put on both hosts, once, over SSH. From here on there is no SSH.')
  await show.errand(['install', '-i', 'hosts', 'all'])
  await show.errand(['hosts'])
  say('A database, a web server, and a monitor that is waited for (poll: 10 by default).')
  await show.errand(['run', '-i', 'hosts', ...monitors, 'playbooks/3-default-poll.yml'])
  await show.errand(['run', '-i', 'hosts', ...monitors, 'playbooks/4-poll-30.yml'])
  say('poll: 60, but the end of a job is noticed at once.')
  await show.errand(['run', '-i', 'hosts', 'playbooks/1-poll.yml'])
  say('Two jobs fired, and one checked on with until and retries.')
  await show.errand(['run', '-i', 'hosts', 'playbooks/2-fire-and-check.yml'])
  say(
    'Both monitors at once, in parallel, and nobody waits: the recap names the jobs that are out.',
  )
  await show.errand(['run', '-i', 'hosts', ...monitors, 'playbooks/5-parallel.yml'])
  await show.errand(['run', '-i', 'hosts', ...monitors, 'playbooks/6-check-later.yml'])
  say('Any terminal may ask after them, now or next week.')
  await show.errand(['jobs'])
  const jobId = await show.newestJob()
  await show.errand(['status', jobId])
  await show.errand(['logs', '-f', jobId])
  await show.errand(['wait', jobId])
  await show.errand(['runs'])
}

function say(text: string): void {
  process.stdout.write(`\n# ${text}\n`)
}
