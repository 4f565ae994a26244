/** The messages of the long stream, on the wire and in ours. */
import type { AgentMessage, ControllerMessage, Welcome } from './agent-messages.ts'
import { ErrandError, errorCodeFrom } from './errors.ts'
import type {
  AgentMessage as WireAgentMessage,
  AgentMessage__Output,
} from './gen/errand/agent/v1/AgentMessage.ts'
import type { Answer__Output } from './gen/errand/agent/v1/Answer.ts'
import type {
  ControllerMessage as WireControllerMessage,
  ControllerMessage__Output,
} from './gen/errand/agent/v1/ControllerMessage.ts'
import { eventFromWire, eventToWire, reportFromWire, reportToWire } from './job-codec.ts'
import { specFromWire, specToWire } from './job-codec.ts'

/** For the controller's side of the stream. */
export function controllerMessageToWire(message: ControllerMessage): WireControllerMessage {
  switch (message.kind) {
    case 'hello': {
      const { kind: _kind, ...hello } = message
      return { hello }
    }
    case 'submit':
      return { submit: { request: message.request, spec: specToWire(message.spec) } }
    case 'look': {
      const { kind: _kind, ...look } = message
      return { look }
    }
    case 'cancel': {
      const { kind: _kind, ...cancel } = message
      return { cancel }
    }
    case 'forget':
      return { forget: { request: message.request, jobId: message.jobId } }
    case 'acknowledge':
      return { acknowledge: { seq: message.seq } }
    case 'heartbeat':
      return { heartbeat: { atMs: message.atMs } }
  }
}

/**
 * For the agent's side of the stream.
 *
 * @returns undefined for a message of a newer controller that this version does not know.
 * @throws {ErrandError} `invalid` for a submit without a usable spec.
 */
export function controllerMessageFromWire(
  wire: ControllerMessage__Output,
): ControllerMessage | undefined {
  const { hello, submit, look, cancel, forget, acknowledge, heartbeat } = wire
  if (hello) return { kind: 'hello', ...hello }
  if (submit) {
    if (!submit.spec) throw new ErrandError('invalid', 'a submit came without a job')
    return { kind: 'submit', request: submit.request, spec: specFromWire(submit.spec) }
  }
  if (look) return { kind: 'look', ...look }
  if (cancel) return { kind: 'cancel', ...cancel }
  if (forget) return { kind: 'forget', ...forget }
  if (acknowledge) return { kind: 'acknowledge', seq: acknowledge.seq }
  if (heartbeat) return { kind: 'heartbeat', atMs: heartbeat.atMs }
  return undefined
}

/** For the agent's side of the stream. */
export function agentMessageToWire(message: AgentMessage): WireAgentMessage {
  switch (message.kind) {
    case 'welcome': {
      const { kind: _kind, ...welcome } = message
      return { welcome }
    }
    case 'report':
      return { answer: { request: message.request, report: reportToWire(message.report) } }
    case 'failure':
      return { answer: { request: message.request, failure: { ...message.error } } }
    case 'event':
      return { event: eventToWire(message.event) }
    case 'heartbeat':
      return { heartbeat: { atMs: message.atMs } }
  }
}

/**
 * For the controller's side of the stream.
 *
 * @returns undefined for a message of a newer agent that this version does not know.
 */
export function agentMessageFromWire(wire: AgentMessage__Output): AgentMessage | undefined {
  const { welcome, answer, event, heartbeat } = wire
  if (welcome) return { kind: 'welcome', ...(welcome satisfies Welcome) }
  if (answer) return answerFromWire(answer)
  if (event) return { kind: 'event', event: eventFromWire(event) }
  if (heartbeat) return { kind: 'heartbeat', atMs: heartbeat.atMs }
  return undefined
}

function answerFromWire({ request, report, failure }: Answer__Output): AgentMessage | undefined {
  if (report) return { kind: 'report', request, report: reportFromWire(report) }
  if (!failure) return undefined
  const error = { code: errorCodeFrom(failure.code), message: failure.message }
  return { kind: 'failure', request, error }
}
