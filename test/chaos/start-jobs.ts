import type { CommandResult } from '../lab/run-command.ts'
import type { Errand } from '../support/errand.ts'
import { playbooks } from './playbooks.ts'
import type { Plan } from './plan.ts'
import { within } from './within.ts'

/** What became of the playbooks. */
export interface Started {
  /** How many `errand run` gave up watching, since no controller came up in time: the run goes on with the next one. */
  readonly gaveUp: number
  /** Those that did not do what they should, in sentences. */
  readonly failures: readonly string[]
}

export interface StartOptions {
  readonly errand: Errand
  /** For each playbook. */
  readonly timeoutMs: number
  readonly onProgress: (what: string) => void
}

/** Starts all jobs, two playbooks at a time. */
export async function startJobs(plan: Plan, options: StartOptions): Promise<Started> {
  const all = playbooks(plan.tasks)
  const waiting = all.map((text, index) => ({ text, name: `${index + 1}.yml` }))
  const failures: string[] = []
  let gaveUp = 0
  const one = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const ended = await play(next, options).catch((error: unknown) => String(error))
      if (ended === 'gave up') gaveUp += 1
      else if (ended !== undefined) failures.push(ended)
      options.onProgress(`${all.length - waiting.length} of ${all.length} playbooks`)
    }
  }
  await Promise.all([one(), one()])
  return { gaveUp, failures }
}

async function play(
  { name, text }: { readonly name: string; readonly text: string },
  { errand, timeoutMs }: StartOptions,
): Promise<string | undefined> {
  await errand.write(name, text)
  const args = ['run', '-i', 'hosts', '-T', '5', name]
  const result = await within(`errand run ${name}`, timeoutMs, (signal) =>
    errand.run(args, { signal }),
  )
  return howItEnded(name, result)
}

function howItEnded(name: string, { code, stdout, stderr }: CommandResult): string | undefined {
  if (code === 0) return undefined
  if (code === 4 && stderr.includes('the controller could not be started')) return 'gave up'
  return `errand run ${name} ended with ${code}: ${stdout.slice(-1000)}${stderr.slice(-1000)}`
}
