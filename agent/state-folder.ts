/** The agent's own files: who it is and whom it belongs to. */
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { ErrandError } from '../proto/errors.ts'

/** Paths below the state folder. Names here are a format on disk. */
export interface StateFolder {
  readonly dir: string
  readonly identity: string
  readonly key: string
  readonly spool: string
  readonly uploads: string
  readonly handover: string
  readonly kept: string
  /** Who serves: pid, start time and boot of the process. */
  readonly lock: string
  readonly log: string
  /** Where the agent listens now. */
  readonly listening: string
}

/** Lays out the paths; touches nothing. */
export function stateFolder(dir: string): StateFolder {
  return {
    dir,
    identity: join(dir, 'agent.json'),
    key: join(dir, 'agent.key'),
    spool: join(dir, 'spool'),
    uploads: join(dir, 'uploads'),
    handover: join(dir, 'handover'),
    kept: join(dir, 'kept'),
    lock: join(dir, 'lock'),
    log: join(dir, 'agent.log'),
    listening: join(dir, 'listening.json'),
  }
}

/** Who this agent is. */
export interface AgentIdentity {
  readonly agentId: string
  /** Whom it serves; undefined before it is enrolled. */
  readonly enrolment?: Enrolment
}

/** What the controller gave it. In one file with the id, so that it changes whole. */
export interface Enrolment {
  readonly controllerId: string
  /** PEM. */
  readonly certificate: string
  /** PEM. */
  readonly authority: string
}

/** Makes the folder: others may pass through it, to what is handed to them, and see nothing. */
export function makeStateFolder(folder: StateFolder): void {
  mkdirSync(folder.dir, { recursive: true, mode: 0o711 })
  chmodSync(folder.dir, 0o711)
}

/** Reads who this agent is; undefined when it never was asked. */
export function readIdentity(folder: StateFolder): AgentIdentity | undefined {
  let text: string
  try {
    text = readFileSync(folder.identity, 'utf8')
  } catch {
    return undefined
  }
  try {
    const { agentId, enrolment } = JSON.parse(text) as Partial<AgentIdentity>
    if (typeof agentId !== 'string') throw new Error('no agent id')
    return { agentId, ...(enrolment === undefined ? {} : { enrolment }) }
  } catch (cause) {
    throw new ErrandError('invalid', `${folder.identity} is damaged: install the agent again`, {
      cause,
    })
  }
}

/** Reads who this agent is; makes an id at the first time. */
export function ensureIdentity(folder: StateFolder): AgentIdentity {
  const found = readIdentity(folder)
  if (found) return found
  const identity = { agentId: `a${randomBytes(12).toString('hex')}` }
  writeIdentity(folder, identity)
  return identity
}

/** Writes down who this agent is. */
export function writeIdentity(folder: StateFolder, identity: AgentIdentity): void {
  writeState(folder.identity, `${JSON.stringify(identity)}\n`)
}

/** Writes a file of the agent's own, whole or not at all, for this user only. */
export function writeState(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
}
