import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { ErrandError, exitCodeOf, sentenceOf, type ErrorCode } from '../../../proto/errors.ts'
import type { ClientSettings, InventoryRequest, InventoryShow } from '../../../proto/settings.ts'
import { askPassword } from '../ask-password.ts'
import type { CommandContext } from '../context.ts'
import type { InventoryFlags } from '../flags/run-flags.ts'
import { Screen } from '../render/screen.ts'
import { vaultPasswords } from '../vault-passwords.ts'
import { warner } from '../warner.ts'

/** Flags of `errand inventory`: those of ansible-inventory. */
export interface ShowInventoryFlags extends InventoryFlags {
  readonly list?: true
  readonly host?: string
  readonly graph?: true
  readonly yaml?: true
  readonly vars?: true
  readonly export?: true
  readonly output?: string
  readonly playbookDir?: string
  readonly verbose: number
}

/** Told as ansible-inventory does. */
const told: ReadonlySet<ErrorCode> = new Set(['invalid', 'usage', 'syntax'])

/** `errand inventory`: prints hosts, groups and variables as ansible-inventory does. */
export async function showInventory(
  pattern: string | undefined,
  flags: ShowInventoryFlags,
  context: CommandContext,
): Promise<number> {
  const { config, controllers, interrupt, terminal } = context
  const screen = new Screen(config)
  try {
    const show = whatToShow(pattern, flags)
    const settings = await controllers.ask((controller) =>
      controller.readSettings(config, interrupt.signal),
    )
    const request = await requestOf(flags, { show, context, settings })
    const answer = await controllers.ask((controller) =>
      controller.showInventory(request, interrupt.signal),
    )
    if (flags.verbose + settings.verbosity > 0) screen.line(answer.sourceLine, 'verbose')
    const notes = flags.verbose > 0 ? answer.notes : []
    for (const warning of [...answer.warnings, ...notes]) screen.warn(warning)
    await terminal.print(screen.take())
    if (flags.output === undefined) await terminal.out(`${answer.text}\n`)
    else writeOutput(resolve(config.cwd, flags.output), answer.text)
    return 0
  } catch (error) {
    if (!(error instanceof ErrandError) || !told.has(error.code)) throw error
    screen.fail(error.message)
    await terminal.print(screen.take())
    return exitCodeOf(error)
  }
}

async function requestOf(
  flags: ShowInventoryFlags,
  {
    show,
    context,
    settings,
  }: {
    readonly show: InventoryShow
    readonly context: CommandContext
    readonly settings: ClientSettings
  },
): Promise<InventoryRequest> {
  const { cwd, environment } = context.config
  const sources = { ask: askPassword, cwd, settings, warn: warner(context) }
  return {
    cwd,
    environment,
    inventories: flags.inventory,
    extraVars: flags.extraVars,
    vaultPasswords: await vaultPasswords(flags, sources),
    ...(flags.playbookDir === undefined ? {} : { playbookDir: flags.playbookDir }),
    show,
    isExport: flags.export ?? false,
  }
}

function whatToShow(pattern: string | undefined, flags: ShowInventoryFlags): InventoryShow {
  const { list, host, graph } = flags
  const format = flags.yaml ? 'yaml' : 'json'
  const chosen = [list, host, graph].filter((one) => one !== undefined)
  if (chosen.length > 1) {
    throw new ErrandError(
      'usage',
      'Conflicting options used, only one of --host, --graph or --list can be used at the same time.',
    )
  }
  if (graph) return { kind: 'graph', group: pattern ?? 'all', hasVars: flags.vars ?? false }
  if (host !== undefined) return { kind: 'host', host, format }
  if (list) return { kind: 'list', format }
  throw new ErrandError(
    'usage',
    'No action selected, at least one of --host, --graph or --list needs to be specified.',
  )
}

function writeOutput(path: string, text: string): void {
  try {
    writeFileSync(path, text)
  } catch (cause) {
    const text = `Unable to write to destination file (${path}): ${sentenceOf(cause)}`
    throw new ErrandError('invalid', text, { cause })
  }
}
