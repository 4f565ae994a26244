import { ErrandError } from '../../../proto/errors.ts'
import { newAgentId, type Authority } from '../authority.ts'
import { enrolInput, enrolScript, requestScript } from './agent-commands.ts'
import type { Installed } from './inspect.ts'
import type { Workplace } from './workplace.ts'

export interface EnrolmentOptions {
  readonly authority: Authority
  readonly nowMs: number
  /** Take over an agent of another controller. */
  readonly force: boolean
}

/** What must be done so that the agent has a certificate of ours. */
export type Enrolment =
  | { readonly kind: 'keep'; readonly agentId: string }
  | { readonly kind: 'sign'; readonly agentId: string; readonly reason: string }

/**
 * Judges the certificate that the agent has.
 *
 * @throws {ErrandError} `conflict` when the agent belongs to another controller and is not to be taken over.
 */
export async function judgeEnrolment(
  place: Workplace,
  { installed, ...options }: EnrolmentOptions & { readonly installed: Installed },
): Promise<Enrolment> {
  const { authority, nowMs, force } = options
  const { identity } = installed
  if (identity.kind === 'none')
    return { kind: 'sign', agentId: newAgentId(), reason: 'a new agent' }
  if (identity.kind === 'damaged') {
    return { kind: 'sign', agentId: newAgentId(), reason: 'its identity is damaged: a new one' }
  }
  if (identity.controllerId !== authority.identity.controllerId && !force) {
    throw new ErrandError(
      'conflict',
      `${place.host} has an agent of another controller (${identity.controllerId}) in ${place.layout.stateDir}; ` +
        'uninstall it there, or take it over with --force',
    )
  }
  const verdict = await authority.judge(identity.certificate, nowMs)
  switch (verdict.kind) {
    case 'foreign':
      return {
        kind: 'sign',
        agentId: newAgentId(),
        reason: 'it has no certificate of this controller',
      }
    case 'old':
      return { kind: 'sign', agentId: verdict.agentId, reason: 'its certificate runs out' }
    case 'valid':
      return { kind: 'keep', agentId: verdict.agentId }
  }
}

/** Has the key and the request made on the host, signs it, and gives the certificate back. */
export async function enrol(
  place: Workplace,
  agentId: string,
  { isDamaged, ...options }: EnrolmentOptions & { readonly isDamaged: boolean },
): Promise<void> {
  const { authority, nowMs, force } = options
  const request = await place.run(requestScript(place.layout, { isDamaged }), {
    what: 'the agent could not make its key',
  })
  const certificate = await authority.signAgent(pemOf(request), { agentId, nowMs })
  const { controllerId, authorityCertificate } = authority.identity
  await place.run(enrolScript(place.layout, { force }), {
    what: 'the agent did not take its certificate',
    input: enrolInput({ controllerId, certificate, authority: authorityCertificate }),
  })
}

function pemOf(output: string): string {
  const begin = output.indexOf('-----BEGIN')
  return begin < 0 ? output : output.slice(begin)
}
