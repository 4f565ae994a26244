import { asset } from '../../../proto/assets.ts'
import { quoteWord } from '../ssh/words.ts'
import { launchScript, stopScript, type ListenOptions } from './agent-commands.ts'
import { unitName, type Layout } from './layout.ts'
import type { Workplace } from './workplace.ts'

/** Who keeps the agent running on a host. */
export type Keeper = 'systemd' | 'launcher'

/** The unit's text for a host. */
export function unitTextFor(
  { programDir, stateDir }: Layout,
  { listen, port }: ListenOptions,
): string {
  return asset('deploy/units/errand-agent.service')
    .replaceAll('@PROGRAM@', programDir)
    .replaceAll('@STATE@', stateDir)
    .replaceAll('@LISTEN@', listen)
    .replaceAll('@PORT@', String(port))
}

/** Writes the unit, starts the agent by it, and at each boot. Jobs of an agent that was running go on. */
export async function startUnit(place: Workplace, where: ListenOptions): Promise<void> {
  const { unitFile } = place.layout
  if (unitFile === undefined) return
  const unit = quoteWord(unitFile)
  const script = `
umask 022
cat >${unit}.new && mv -f ${unit}.new ${unit} || exit 1
systemctl daemon-reload && systemctl enable ${unitName} 2>/dev/null && systemctl restart ${unitName}
`
  await place.run(script, {
    what: 'the systemd unit could not be started',
    input: unitTextFor(place.layout, where),
  })
}

/** Starts the agent as a process of its own, and at each boot where there is cron. */
export async function launch(
  place: Workplace,
  { hasCrontab, ...where }: ListenOptions & { readonly hasCrontab: boolean },
): Promise<void> {
  await place.run(`${stopScript(place.layout)}\n${launchScript(place.layout, where)}`, {
    what: 'the agent could not be started',
  })
  if (hasCrontab) await place.try(cronScript(place.layout, where))
}

const cronMark = '# errand-agent'

/** Adds the line for the next boot, in place of an earlier one. */
function cronScript(layout: Layout, where: ListenOptions): string {
  const line = `@reboot ${launchScript(layout, where)} >/dev/null 2>&1 ${cronMark}`
  return `
now=$(crontab -l 2>/dev/null)
case "$now" in *${quoteWord(line)}*) exit 0 ;; esac
{ printf '%s\\n' "$now" | grep -v '${cronMark}$' | grep -v '^$'; echo ${quoteWord(line)}; } | crontab -
`
}

/** A script that takes the line away; a table that is empty then goes too. */
export function removeCronScript(): string {
  return `
if command -v crontab >/dev/null 2>&1 && crontab -l 2>/dev/null | grep -q '${cronMark}$'; then
  rest=$(crontab -l | grep -v '${cronMark}$')
  if [ -n "$rest" ]; then printf '%s\\n' "$rest" | crontab -; else crontab -r; fi
fi
`
}

/** A script that ends what is left in the cgroups of the agent's jobs, and removes them. */
export function removeCgroupsScript({ stateDir }: Layout): string {
  return `
id=$(sed -n 's/.*"agentId":"\\([a-z0-9]*\\)".*/\\1/p' ${quoteWord(`${stateDir}/agent.json`)} 2>/dev/null)
if [ -n "$id" ]; then
  find /sys/fs/cgroup -type d -name "errand-$id" 2>/dev/null | while read -r d
  do [ -e "$d/cgroup.kill" ] && echo 1 >"$d/cgroup.kill"; done
  find /sys/fs/cgroup -depth -type d -path "*/errand-$id*" 2>/dev/null | while read -r d
  do n=0; while ! rmdir "$d" 2>/dev/null && [ $n -lt 20 ]; do n=$((n + 1)); sleep 0.1 2>/dev/null || sleep 1; done; done
fi
`
}

/** A script that stops the agent and removes the unit. */
export function removeUnitScript({ unitFile }: Layout): string {
  if (unitFile === undefined) return ''
  const unit = quoteWord(unitFile)
  return `
if [ -e ${unit} ]; then
  systemctl disable --now ${unitName} >/dev/null 2>&1
  rm -f ${unit} ${unit}.new
  systemctl daemon-reload
  systemctl reset-failed ${unitName} >/dev/null 2>&1
fi
`
}

/** The last lines that the agent said, for the sentence when it does not answer. */
export async function lastWords(place: Workplace, keeper: Keeper): Promise<string> {
  const script =
    keeper === 'systemd'
      ? `journalctl -u ${unitName} -n 5 -o cat --no-pager 2>/dev/null; systemctl is-active ${unitName}`
      : `tail -n 5 ${quoteWord(`${place.layout.stateDir}/agent.log`)} 2>/dev/null`
  const { stdout } = await place.try(script)
  return stdout.trim().split('\n').slice(-3).join(' | ')
}
