import { quoteWord } from '../ssh/words.ts'
import {
  identityFile,
  parseAgentStatus,
  parseIdentity,
  statusScript,
  type AgentIdentity,
  type AgentStatus,
} from './agent-commands.ts'
import {
  parseProgramState,
  inspectProgramScript,
  type ProgramFiles,
  type ProgramState,
} from './program-files.ts'
import { unitName, type Layout } from './layout.ts'
import type { Workplace } from './workplace.ts'

/** What an earlier installation left on the host. */
export interface Installed {
  readonly program: ProgramState
  /** What the agent says of itself; undefined when it cannot run or was never enrolled. */
  readonly status: AgentStatus | undefined
  readonly identity: AgentIdentity
  /** The unit's text; undefined where there is none. */
  readonly unitText: string | undefined
  readonly isUnitEnabled: boolean
  readonly isUnitActive: boolean
  /** The agent is being replaced just now, by a switcher of its own. */
  readonly isUpgrading: boolean
  /** Who listens on the agent's port: a name, or `another program`; undefined when the port is free. */
  readonly portOwner: string | undefined
}

const separator = '--8<-- errand '

/** Looks at what is there, with the rights of the installation, in one script. */
export async function inspect(
  place: Workplace,
  { files, port }: { readonly files: ProgramFiles; readonly port: number },
): Promise<Installed> {
  const script = inspectScript(place.layout, { files, port })
  return parseInstalled(await place.run(script, { what: 'it could not be looked at' }))
}

function inspectScript(
  layout: Layout,
  { files, port }: { readonly files: ProgramFiles; readonly port: number },
): string {
  const { launcher, unitFile } = layout
  const part = (name: string, script: string) => `\necho; echo '${separator}${name}'\n${script}`
  return [
    part('program', inspectProgramScript(files, launcher)),
    part('status', statusScript(layout)),
    part('identity', `cat ${quoteWord(identityFile(layout))} 2>/dev/null`),
    part('unit', unitFile === undefined ? '' : `cat ${quoteWord(unitFile)} 2>/dev/null`),
    part('enabled', unitFile === undefined ? '' : `systemctl is-enabled ${unitName} 2>/dev/null`),
    part('active', unitFile === undefined ? '' : `systemctl is-active ${unitName} 2>/dev/null`),
    part('upgrade', upgradeScript(layout)),
    part('port', portScript(port)),
    '\nexit 0\n',
  ].join('')
}

/** The switcher's own word for who it is, and whether that process lives. */
function upgradeScript({ stateDir }: Layout): string {
  return `
if [ ! -e ${quoteWord(`${stateDir}/upgrade/outcome`)} ] && read -r pid ticks boot _ 2>/dev/null <${quoteWord(`${stateDir}/upgrade/switcher`)}
then
  [ "$boot" = "$(cat /proc/sys/kernel/random/boot_id)" ] && grep -q " $ticks " "/proc/$pid/stat" 2>/dev/null && echo yes
fi`
}

/** Finds a listener in /proc, and its name where the rights allow: small systems have no ss. */
function portScript(port: number): string {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  return String.raw`
inode=$(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | while read -r _ local _ state _ _ _ _ _ inode _
do [ "$state" = 0A ] && case "$local" in *:${hex}) echo "$inode"; break ;; esac; done)
if [ -n "$inode" ]; then
  owner=
  for d in /proc/[0-9]*/fd
  do if ls -l "$d" 2>/dev/null | grep -q "socket:\[$inode\]"
    then owner="$(cat "\${d%/fd}/comm" 2>/dev/null) (pid $(basename "\${d%/fd}"))"; break; fi
  done
  echo "\${owner:-another program}"
fi
`.replaceAll(String.raw`\$`, '$')
}

/** Takes the answer apart again. */
export function parseInstalled(output: string): Installed {
  const parts = new Map<string, string>()
  for (const part of output.split(`\n${separator}`).slice(1)) {
    const end = part.indexOf('\n')
    parts.set(part.slice(0, end), part.slice(end + 1))
  }
  const text = (name: string) => parts.get(name)?.trim() || undefined
  return {
    program: parseProgramState(parts.get('program') ?? ''),
    status: parseAgentStatus(text('status')),
    identity: parseIdentity(text('identity')),
    unitText: text('unit'),
    isUnitEnabled: text('enabled') === 'enabled',
    isUnitActive: text('active') === 'active',
    isUpgrading: text('upgrade') === 'yes',
    portOwner: text('port'),
  }
}
