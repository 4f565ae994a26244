/** The commands of the agent's program that an installation uses, and what they print. */
import { quoteWord } from '../ssh/words.ts'
import type { Layout } from './layout.ts'

/** Where an agent listens. */
export interface ListenOptions {
  /** All addresses: `[::]` stands for those of IPv4 too. */
  readonly listen: '[::]' | '0.0.0.0'
  readonly port: number
}

/** What `errand-agent status` prints. */
export interface AgentStatus {
  readonly isRunning: boolean
  /** Where it listens, when it runs. */
  readonly port: number | undefined
}

function command({ launcher, stateDir }: Layout, name: string): string {
  return `${quoteWord(launcher)} ${name} --state ${quoteWord(stateDir)}`
}

/** Prints the status as JSON, nothing when there is no agent that could say it. */
export function statusScript(layout: Layout): string {
  return `[ -x ${quoteWord(layout.launcher)} ] && ${command(layout, 'status')} 2>/dev/null </dev/null`
}

/** Makes the key when there is none, and prints a request for a certificate. An identity that cannot be read is no use. */
export function requestScript(
  layout: Layout,
  { isDamaged }: { readonly isDamaged: boolean },
): string {
  const rid = isDamaged ? `rm -f ${quoteWord(identityFile(layout))}; ` : ''
  return `${rid}${command(layout, 'request')} </dev/null`
}

export function enrolScript(layout: Layout, { force }: { readonly force: boolean }): string {
  return `${command(layout, 'enrol')}${force ? ' --force' : ''}`
}

/** What `enrol` reads. */
export function enrolInput(enrolment: {
  readonly controllerId: string
  readonly certificate: string
  readonly authority: string
}): string {
  return JSON.stringify(enrolment)
}

/** Starts the agent detached; harmless when it runs already. */
export function launchScript(layout: Layout, { listen, port }: ListenOptions): string {
  return `${command(layout, 'launch')} --listen ${quoteWord(listen)} --port ${port} </dev/null`
}

/** Stops an agent that runs; harmless when none does. */
export function stopScript(layout: Layout): string {
  return `[ -x ${quoteWord(layout.launcher)} ] && ${command(layout, 'stop')} >/dev/null 2>&1 </dev/null`
}

export function parseAgentStatus(text: string | undefined): AgentStatus | undefined {
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    const status = value as Readonly<Record<string, unknown>>
    const { pid, port } = status
    return { isRunning: typeof pid === 'number', port: typeof port === 'number' ? port : undefined }
  } catch {
    return undefined // an agent that cannot say: it is put right by the steps that follow
  }
}

/** Who an agent is and whom it serves, from its own file; no secret is in it. */
export type AgentIdentity =
  | { readonly kind: 'none' }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'enrolled'; readonly controllerId: string; readonly certificate: string }

/** The file is looked at rather than the program asked: it may be there when the program is not. */
export function identityFile({ stateDir }: Layout): string {
  return `${stateDir}/agent.json`
}

/** Reads the text of that file. */
export function parseIdentity(text: string | undefined): AgentIdentity {
  if (text === undefined) return { kind: 'none' }
  try {
    const { agentId, enrolment } = JSON.parse(text) as Readonly<Record<string, unknown>>
    if (typeof agentId !== 'string') return { kind: 'damaged' }
    const { controllerId, certificate } = (enrolment ?? {}) as Readonly<Record<string, unknown>>
    if (typeof controllerId !== 'string' || typeof certificate !== 'string') return { kind: 'none' }
    return { kind: 'enrolled', controllerId, certificate }
  } catch {
    return { kind: 'damaged' }
  }
}
