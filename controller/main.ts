import { anotherRunsExitCode } from '../proto/control-address.ts'
import { exitCodeOf, sentenceOf } from '../proto/errors.ts'
import { HomeIsTaken } from './api/lock.ts'
import { readConfig } from './config.ts'
import { serveController } from './daemon.ts'
import { openLog } from './log-file.ts'
import { repairRecord } from './repair.ts'
import { openWorld } from './world.ts'

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`errand controller: ${sentenceOf(error)}\n`)
  return error instanceof HomeIsTaken ? anotherRunsExitCode : exitCodeOf(error)
})

async function main(): Promise<number> {
  const config = readConfig(process.argv.slice(2), process.env, process.getuid?.() ?? 0)
  process.umask(0o077)
  using logFile = openLog({ file: config.logFile, level: config.logLevel })
  const { log } = logFile
  const stop = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      // The second time there is nothing left to wait for: jobs do not need us.
      if (stop.signal.aborted) process.exit(1)
      stop.abort()
    })
  }
  if (config.isToRepair) {
    process.stdout.write(await repairRecord(config, Date.now()))
    return 0
  }
  await serveController(config, {
    openWorld: (store) => openWorld(config, store, log),
    log,
    onTick: () => logFile.rotate(),
    signal: stop.signal,
  })
  return 0
}
