import type { Command } from 'commander'
import type { InstallFlags } from '../commands/install.ts'
import {
  addConnectionFlags,
  addInventoryFlags,
  addLimitFlag,
  addVerboseFlag,
  wholeNumber,
} from '../flags/run-flags.ts'
import type { Wiring } from './wiring.ts'

/** Agents on hosts: `install`, `upgrade`, `uninstall`, `hosts`. */
export function addHostCommands(program: Command, { context, done }: Wiring): void {
  addInstallFlags(program.command('install').argument('<pattern>', 'the hosts'))
    .description('put agents on hosts')
    .action(async (pattern: string, flags: InstallFlags) => {
      const { installAgents } = await import('../commands/install.ts')
      done(await installAgents(pattern, flags, context))
    })
  addInstallFlags(program.command('upgrade').argument('[pattern]', 'the hosts', 'all'))
    .description('put this version of the agent in the place of others, jobs running')
    .action(async (pattern: string, flags: InstallFlags) => {
      const { upgradeAgents } = await import('../commands/install.ts')
      done(await upgradeAgents(pattern, flags, context))
    })
  addInstallFlags(program.command('uninstall').argument('<pattern>', 'the hosts'))
    .description('remove agents and every trace of them')
    .option('--force', 'also forget hosts that cannot be reached')
    .action(async (pattern: string, flags: InstallFlags) => {
      const { uninstallAgents } = await import('../commands/install.ts')
      done(await uninstallAgents(pattern, flags, context))
    })
  program
    .command('hosts')
    .description('list the hosts that have an agent')
    .argument('[host...]')
    .option('--json', 'print a JSON object a line')
    .action(async (names: readonly string[], flags: { json?: true }) => {
      const { showHosts } = await import('../commands/hosts.ts')
      done(await showHosts(names, flags, context))
    })
}

function addInstallFlags(command: Command): Command {
  return addVerboseFlag(addConnectionFlags(addLimitFlag(addInventoryFlags(command))))
    .option('-f, --forks <number>', 'how many hosts at once', wholeNumber)
    .option('--json', 'print a JSON object a line')
}
