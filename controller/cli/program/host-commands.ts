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

/** Agents on hosts: `install`, `uninstall`, `hosts`. */
export function addHostCommands(program: Command, { context, done }: Wiring): void {
  addInstallFlags(program.command('install'))
    .description('put agents on hosts')
    .action(async (pattern: string, flags: InstallFlags) => {
      const { installAgents } = await import('../commands/install.ts')
      done(await installAgents(pattern, flags, context))
    })
  addInstallFlags(program.command('uninstall'))
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
    .argument('<pattern>', 'the hosts')
    .option('-f, --forks <number>', 'how many hosts at once', wholeNumber)
    .option('--json', 'print a JSON object a line')
}
