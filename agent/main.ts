/** errand-agent: runs jobs on one host and tells the truth about them. */
import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js'
import { text } from 'node:stream/consumers'
import { exitCodeOf, ErrandError, sentenceOf } from '../proto/errors.ts'
import { errandVersion } from '../proto/version.ts'
import { serve } from './agent.ts'
import { readCommandLine, type CommandLine } from './config.ts'
import { enrol, parseEnrolment, requestCertificate } from './enrol.ts'
import { findListening, launch, stop } from './launch.ts'
import { cannotWrite } from './jobs/cannot-write.ts'
import { openLog } from './log.ts'
import { runOperationProcess } from './operation-process.ts'

const usage = `usage: errand-agent COMMAND [--state DIR] [flags]
  serve      serve in the foreground   [--listen ADDRESS] [--port N] [--log FILE] [--quota BYTES of each stream of a job]
             [--total-quota BYTES of output of all jobs] [--reserve BYTES of the disk that output leaves free]
  launch     serve detached, unless one does already; prints where it listens
  status     print where the running agent listens
  stop       stop the running agent; its jobs go on
  request    print a request for a certificate
  enrol      install what the controller sends on standard input [--force]
  operation  run one of the agent's own operations (used by itself)
  version    print the version`

const stopping = new AbortController()
for (const name of ['SIGTERM', 'SIGINT'] as const) {
  process.once(name, () => {
    stopping.abort(new ErrandError('interrupted', `stopped by ${name}`))
  })
}
process.on('SIGHUP', () => undefined) // whoever started us has hung up: no reason to go
process.umask(0o022)
setLogVerbosity(logVerbosity.NONE) // it prints to standard error; what matters reaches us as errors

// No await at the top: the bundle must also run as the older kind of module, which every Node 20 takes for a `.js` file.
void run(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
    return code
  },
  (error: unknown) => {
    fail(error)
  },
)

/** A defect is shown with its trace, anything else in one sentence. */
function fail(error: unknown): void {
  const isOurs = error instanceof ErrandError
  if (!isOurs && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`)
  process.stderr.write(`errand-agent: ${sentenceOf(error)}\n`)
  process.exitCode = isOurs ? Math.min(exitCodeOf(error), 125) : 1
}

async function run(argv: readonly string[]): Promise<number> {
  const line = readCommandLine(argv, process.env)
  try {
    return await runCommand(line, argv)
  } catch (error) {
    throw line.command === 'operation' ? error : whyNot(line, error)
  }
}

/** What the system said of the state folder, in a sentence that tells what to do. */
function whyNot({ config }: CommandLine, error: unknown): unknown {
  const isOfSystem = error instanceof Error && 'errno' in error && 'path' in error
  const isOfDisk = error instanceof Error && 'code' in error && error.code === 'ENOSPC'
  return isOfSystem || isOfDisk ? cannotWrite(config().folder.dir, error) : error
}

async function runCommand(line: CommandLine, argv: readonly string[]): Promise<number> {
  switch (line.command) {
    case 'serve': {
      const config = line.config()
      await serve(config, openLog(config), stopping.signal)
      return 0
    }
    case 'launch':
      return say(await launch(line.config(), { flags: argv.filter((word) => word !== 'launch') }))
    case 'status':
      return say(findListening(line.config()) ?? { running: false })
    case 'stop':
      return say({ stopped: await stop(line.config()) })
    case 'request': {
      const { request } = requestCertificate(line.config().folder)
      process.stdout.write(request)
      return 0
    }
    case 'enrol':
      return await enrolFrom(line)
    case 'operation':
      return await runOperationProcess(line.words, {
        environment: line.environment,
        signal: stopping.signal,
      })
    case 'version':
      process.stdout.write(`${errandVersion}\n`)
      return 0
    default:
      process.stderr.write(`${usage}\n`)
      return 2
  }
}

async function enrolFrom({ config, force }: CommandLine): Promise<number> {
  const { agentId, enrolment } = enrol(config().folder, parseEnrolment(await text(process.stdin)), {
    force,
  })
  return say({ agentId, controllerId: enrolment?.controllerId })
}

function say(value: object): number {
  process.stdout.write(`${JSON.stringify(value)}\n`)
  return 0
}
