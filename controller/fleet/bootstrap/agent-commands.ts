/** The commands of the agent's program that an installation uses, and what they print. */
import { quoteWord } from '../ssh/words.ts'
import type { Layout } from './layout.ts'

/** What `errand-agent status` prints. */
export interface AgentStatus {
  readonly isRunning: boolean
  readonly pid: number | undefined
  readonly port: number | undefined
}

function command({ launcher, stateDir }: Layout, name: string): string {
  return `${quoteWord(launcher)} ${name} --state ${quoteWord(stateDir)}`
}

/** Prints the status as JSON, nothing when there is no agent that could say it. */
export function statusScript(layout: Layout): string {
  return `[ -x ${quoteWord(layout.launcher)} ] && ${command(layout, 'status')} 2>/dev/null </dev/null`
}

/** Makes the key when there is none, and prints a request for a certificate. */
export function requestScript(layout: Layout): string {
  return `umask 077; mkdir -p ${quoteWord(layout.stateDir)} && ${command(layout, 'request')} </dev/null`
}

export function enrolScript(
  layout: Layout,
  { force, port }: { readonly force: boolean; readonly port: number },
): string {
  return `${command(layout, 'enrol')} --port ${port}${force ? ' --force' : ''}`
}

/** What `enrol` reads. */
export function enrolInput(enrolment: {
  readonly controllerId: string
  readonly certificate: string
  readonly authority: string
}): string {
  return JSON.stringify(enrolment)
}

export function launchScript(layout: Layout): string {
  return `${command(layout, 'launch')} </dev/null`
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
    return {
      isRunning: status['running'] === true,
      pid: numberOf(status['pid']),
      port: numberOf(status['port']),
    }
  } catch {
    return undefined // an agent that cannot say: it is put right by the steps that follow
  }
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
