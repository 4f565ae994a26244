import { mkdtempDisposableSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { JobId } from '../../proto/job.ts'
import type { RunEventBody, RunRequest } from '../../proto/run.ts'
import { AnsibleCores } from '../../controller/packer/ansible-cores.ts'
import { Packer } from '../../controller/packer/packer.ts'
import { Plugins } from '../../controller/plugins/plugins.ts'
import type { ClockPort, OpenQuestion, RecordedPlace } from '../../controller/run/ports.ts'
import { run, type World } from '../../controller/run/run.ts'
import { FakeAgents, type FakeAgentsOptions } from './fake-agents.ts'
import { realClock } from './run-here.ts'

/** What is left of a run when its controller has died: the record, and the agents with their jobs. */
export class Survivors implements AsyncDisposable {
  readonly agents: FakeAgents
  readonly events: RunEventBody[] = []
  readonly checkpoints = new Map<string, string>()
  readonly jobs = new Map<string, JobId>()
  /** Jobs whose agent's answer is in the record. */
  readonly answered = new Set<JobId>()

  constructor(options: FakeAgentsOptions = {}) {
    this.agents = new FakeAgents(options)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.agents[Symbol.asyncDispose]()
  }
}

/** What a controller's life ended with. */
export interface Life {
  /** Undefined when it died. */
  readonly exitCode: number | undefined
  /** How often the world was touched: each touch is a moment to die at. */
  readonly touches: number
}

/**
 * Carries a run out until its end, or until the controller dies just before it touches the world for the time after `touches`: writes to the
 * record, records a job, sends it, hears the answer. Who is dead touches nothing any more.
 */
export async function live(
  request: RunRequest,
  survivors: Survivors,
  {
    touches: last = Infinity,
    clock = realClock,
  }: { readonly touches?: number; readonly clock?: ClockPort } = {},
): Promise<Life> {
  const death = Promise.withResolvers<undefined>()
  let touches = 0
  const touch = async (): Promise<void> => {
    if (touches >= last) {
      death.resolve(undefined)
      await new Promise<never>(() => {})
    }
    touches += 1
  }
  using packed = mkdtempDisposableSync(join(tmpdir(), 'errand-packed-'))
  const world = worldOf(survivors, { touch, dir: packed.path, clock })
  const exitCode = await Promise.race([run(request, world), death.promise])
  return { exitCode, touches }
}

function worldOf(
  survivors: Survivors,
  { touch, dir, clock }: { touch: () => Promise<void>; dir: string; clock: ClockPort },
): World {
  const { agents, events, checkpoints, jobs, answered } = survivors
  const keep = ({ position, value }: RecordedPlace) => {
    if (!checkpoints.has(position)) checkpoints.set(position, value)
  }
  const log = pino({ level: 'silent' })
  const cores = new AnsibleCores()
  return {
    answers: { open: (questionId) => answering(questionId, survivors) },
    agents: { prepare: async (target) => (await touch(), agents.prepare(target)) },
    jobs: {
      start: async (host, spec, options) => {
        await touch()
        jobs.set(options.origin.position, spec.jobId)
        await touch()
        const report = await agents.start(host, spec, options)
        await touch()
        answered.add(spec.jobId)
        return report
      },
      recorded: async (jobId) => (answered.has(jobId) ? agents.recorded(jobId) : undefined),
      hold: async (job) => (await touch(), agents.hold(job)),
      giveUp: async (...call) => (await touch(), agents.giveUp(...call)),
      wait: async (...call) => {
        const report = await agents.wait(...call)
        await touch()
        return report
      },
      look: async (jobId) => (await touch(), agents.look(jobId)),
      output: async (jobId, stream) => (await touch(), agents.output(jobId, stream)),
      cancel: async (jobId) => (await touch(), agents.cancel(jobId)),
      forget: async (jobId) => (await touch(), agents.forget(jobId)),
      upload: async (host, content) => (await touch(), agents.upload(host, content)),
      download: (host, path) => agents.download(host, path),
    },
    record: {
      append: async (body, checkpoint) => {
        await touch()
        events.push(body)
        if (checkpoint) keep(checkpoint)
      },
      keep: async (checkpoint) => {
        await touch()
        keep(checkpoint)
      },
    },
    ...(checkpoints.size > 0 || jobs.size > 0
      ? { recorded: { checkpoints: new Map(checkpoints), jobs: new Map(jobs) } }
      : {}),
    modules: new Packer({ dir: join(dir, 'modules'), cores, log }),
    plugins: new Plugins({ cores, limitMs: 60_000, log }),
    clock,
    log,
    runId: 'r0000000000000-tested',
    signal: new AbortController().signal,
  }
}

/** A user who answers with the word that the question has in braces, else with yes. */
function answering(questionId: string, { events }: Survivors): OpenQuestion {
  return {
    answer: () => {
      const asked = events.find(
        (event) => event.kind === 'question' && event.questionId === questionId,
      )
      const [, word = 'y'] = (asked?.kind === 'question' && /\{(\w+)\}/u.exec(asked.text)) || []
      return Promise.resolve({ text: word })
    },
    [Symbol.dispose]: () => {},
  }
}
