import { mkdtempDisposableSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { ErrandError, exitCodeOf, sentenceOf } from '../../proto/errors.ts'
import type { RunEventBody, RunRequest } from '../../proto/run.ts'
import type { ClockPort } from '../../controller/run/ports.ts'
import type { findAnsibleCore } from '../../controller/packer/ansible-core.ts'
import { AnsibleCores } from '../../controller/packer/ansible-cores.ts'
import { Packer } from '../../controller/packer/packer.ts'
import type { Answer } from '../../controller/run/ports.ts'
import { Plugins } from '../../controller/plugins/plugins.ts'
import { Answers } from '../../controller/runs/answers.ts'
import { run } from '../../controller/run/run.ts'
import { FakeAgents, type FakeAgentsOptions } from './fake-agents.ts'

/** In place of an answer: nobody gives one. */
export const nobody: Answer = {}

/** What a run in a test came to. */
export interface RanHere {
  readonly exitCode: number
  readonly events: readonly RunEventBody[]
  readonly agents: FakeAgents
  readonly error: string | undefined
}

export interface RunHereOptions {
  readonly agents?: FakeAgentsOptions
  readonly signal?: AbortSignal
  /** How long a call of a plugin may take. */
  readonly pluginMs?: number
  /** Default: the ansible-core of this machine. */
  readonly findCore?: typeof findAnsibleCore
  /** To the run's questions, in order; then the user's input is at its end. */
  readonly answers?: readonly (string | Answer)[]
  /** Told of each event once it is in the record. */
  readonly onEvent?: (body: RunEventBody, agents: FakeAgents) => void | Promise<void>
}

/** Runs a request against agents on this machine, and ends what it leaves behind. */
export async function runHere(
  request: Partial<RunRequest>,
  options: RunHereOptions = {},
): Promise<RanHere> {
  await using agents = new FakeAgents(options.agents)
  using packed = mkdtempDisposableSync(join(tmpdir(), 'errand-packed-'))
  const silent = pino({ level: process.env['ERRAND_TEST_LOG'] ?? 'silent' })
  const events: RunEventBody[] = []
  const said = [...(options.answers ?? [])]
  const answers = new Answers()
  const cores = new AnsibleCores(options.findCore)
  const world = {
    agents,
    jobs: agents,
    record: {
      append: async (body: RunEventBody) => {
        events.push(body)
        if (body.kind === 'question') {
          const given = said.shift() ?? {}
          const answer = typeof given === 'string' ? { text: given } : given
          if (answer !== nobody) answers.give(body.questionId, answer)
        }
        await options.onEvent?.(body, agents)
      },
      keep: () => Promise.resolve(),
    },
    answers,
    clock: realClock,
    modules: new Packer({ dir: join(packed.path, 'modules'), cores, log: silent }),
    plugins: new Plugins({ cores, limitMs: options.pluginMs ?? 60_000, log: silent }),
    log: silent,
    runId: 'r0000000000000-tested',
    signal: options.signal ?? new AbortController().signal,
  }
  try {
    const exitCode = await run(requestOf(request), world)
    return { exitCode, events, agents, error: undefined }
  } catch (error) {
    if (!(error instanceof ErrandError)) throw error
    return { exitCode: exitCodeOf(error), events, agents, error: sentenceOf(error) }
  }
}

/** A request with the defaults of the command line. */
export function requestOf(given: Partial<RunRequest>): RunRequest {
  return {
    kind: 'playbook',
    title: 'test',
    cwd: '/',
    playbooks: [],
    inventories: ['localhost,'],
    tags: [],
    skipTags: [],
    extraVars: [],
    check: false,
    diff: false,
    forks: 5,
    verbosity: 0,
    connection: { become: false, acceptNewHostKeys: false },
    forceHandlers: false,
    flushCache: false,
    noInstall: false,
    vaultPasswords: [],
    environment: { HOME: process.env['HOME'] ?? '/' },
    ...given,
  }
}

/** Time as it is. */
export const realClock: ClockPort = {
  nowMs: () => Date.now(),
  sleep: (ms, { signal }) => {
    signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer)
        reject(signal.reason as Error)
      }
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', stop)
        resolve()
      }, ms)
      signal.addEventListener('abort', stop, { once: true })
    })
  },
}
