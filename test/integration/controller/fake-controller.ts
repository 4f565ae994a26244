// A controller with a world of make-believe, run as a process of its own: what the command line talks to in these tests.
import { pino } from 'pino'
import { readConfig } from '../../../controller/config.ts'
import { serveController } from '../../../controller/daemon.ts'
import { FakeWorld } from './fake-world.ts'

const stop = new AbortController()
process.on('SIGTERM', () => stop.abort())
const config = readConfig([], process.env, process.getuid?.() ?? 0)
await serveController(config, {
  openWorld: async (store) => {
    const world = new FakeWorld(store)
    process.on('SIGUSR2', () => world.release())
    return world
  },
  log: pino({ level: 'warn' }, pino.destination(2)),
  signal: stop.signal,
})
