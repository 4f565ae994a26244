/** Takes an agent off a host again, with every trace that its installation made. */
import type { Logger } from 'pino'
import { ErrandError } from '../../../proto/errors.ts'
import type { HostTarget, PrepareOptions } from '../../run/ports.ts'
import { openShell } from '../ssh/shell.ts'
import { quoteWord } from '../ssh/words.ts'
import { identityFile, parseIdentity, stopScript } from './agent-commands.ts'
import { rootLayout, userLayout, type Layout } from './layout.ts'
import { probe } from './probe.ts'
import { removeProgramScript } from './program-files.ts'
import { chooseRights } from './rights.ts'
import { removeCgroupsScript, removeCronScript, removeUnitScript } from './service.ts'
import { Workplace } from './workplace.ts'

export interface UninstallOptions extends Omit<PrepareOptions, 'install' | 'nodeRuntimeFile'> {
  /** Remove the agent of another controller too. */
  readonly force: boolean
  readonly controllerId: string
  readonly log: Logger
}

/**
 * Stops the agent and removes its unit, files, state and line for the next boot.
 *
 * @returns false when there was none.
 * @throws {ErrandError} `conflict` when the agent belongs to another controller.
 */
export async function uninstallAgent(
  target: HostTarget,
  options: UninstallOptions,
): Promise<boolean> {
  const { onStep, signal, log } = options
  onStep('probe', `connects to ${target.address}`)
  await using ssh = await openShell(target, { ...options, onUnsupported: () => undefined })
  const found = await probe(ssh.shell, { host: target.name, signal })
  const rights = chooseRights(found, { become: target.become, host: target.name })
  const layout = rights.isRoot ? rootLayout : userLayout(found.home)
  const place = new Workplace(ssh.shell, { host: target.name, layout, rights, signal, log })
  if (!(await isThere(place, options))) return false
  onStep('files', `removes the agent ${rights.description}`)
  await place.run(removeScript(layout), { what: 'the agent could not be removed whole' })
  return true
}

async function isThere(
  place: Workplace,
  { force, controllerId }: UninstallOptions,
): Promise<boolean> {
  const { stateDir, programDir, unitFile } = place.layout
  const all = [stateDir, programDir, ...(unitFile === undefined ? [] : [unitFile])]
    .map(quoteWord)
    .join(' ')
  const script = `for f in ${all}; do [ -e "$f" ] && echo there; done; cat ${quoteWord(identityFile(place.layout))} 2>/dev/null; exit 0`
  const output = await place.run(script, { what: 'it could not be looked at' })
  const [, found = '', identityText = ''] = /^((?:there\n)*)(.*)$/su.exec(output) ?? []
  const identity = parseIdentity(identityText.trim() || undefined)
  if (identity.kind !== 'enrolled' || identity.controllerId === controllerId || force)
    return found !== ''
  throw new ErrandError(
    'conflict',
    `${place.host} has an agent of another controller (${identity.controllerId}), which is left alone; ` +
      '--force removes it all the same',
  )
}

function removeScript(layout: Layout): string {
  return `
${removeUnitScript(layout)}
${stopScript(layout)}
${removeCronScript()}
${removeCgroupsScript(layout)}
${removeProgramScript(layout)}
for d in ${[layout.programDir, layout.stateDir].map(quoteWord).join(' ')}; do [ -e "$d" ] && exit 1; done
exit 0
`
}
