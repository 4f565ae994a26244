import type { Command } from 'commander'
import type { ExecFlags } from '../commands/exec.ts'
import type { ShowInventoryFlags } from '../commands/inventory.ts'
import { age } from '../flags/age.ts'
import {
  addInventoryFlags,
  addRunFlags,
  addVerboseFlag,
  collect,
  wholeNumber,
} from '../flags/run-flags.ts'
import type { PlaybookFlags } from '../run-request.ts'
import type { Wiring } from './wiring.ts'

/** `run`, `exec` and `inventory`. */
export function addRunCommands(program: Command, wiring: Wiring): void {
  addRunCommand(program, wiring)
  addExecCommand(program, wiring)
  addInventoryCommand(program, wiring)
}

function addRunCommand(program: Command, { argv, context, done }: Wiring): void {
  addRunFlags(program.command('run'))
    .description('run playbooks')
    .argument('<playbook...>')
    .option('-t, --tags <tags>', 'only tasks with these tags', collect, [])
    .option('--skip-tags <tags>', 'not the tasks with these tags', collect, [])
    .option('--start-at-task <name>', 'begin with this task')
    .option('--step', 'ask before each task')
    .option('--force-handlers', 'run handlers even on hosts that failed')
    .option('--flush-cache', 'forget the facts of all hosts')
    .option('--list-hosts', 'say which hosts, and run nothing')
    .option('--list-tasks', 'say which tasks, and run nothing')
    .option('--list-tags', 'say which tags, and run nothing')
    .option('--syntax-check', 'read the playbook, and run nothing')
    .option(
      '--wait-for-hosts <time>',
      'each play waits so long for a host that is away: 90s, 10m',
      age,
    )
    .action(async (playbooks: readonly string[], flags: PlaybookFlags) => {
      const { runPlaybooks } = await import('../commands/run.ts')
      done(await runPlaybooks(playbooks, flags, { ...context, argv: argv.slice(1) }))
    })
}

function addExecCommand(program: Command, { argv, context, done }: Wiring): void {
  const exec = addRunFlags(program.command('exec'))
  exec
    .description('run one module or command on hosts')
    .argument('<pattern>', 'the hosts')
    .argument('[command...]', 'after --: a command and its arguments')
    .option('-m, --module-name <name>', 'the module; command where nothing is said')
    .option('-a, --args <args>', "the module's arguments")
    .option(
      '-B, --background <seconds>',
      'run in the background, with this time limit',
      wholeNumber,
      0,
    )
    .option(
      '-P, --poll <seconds>',
      'the longest wait between two looks; 0 does not wait',
      wholeNumber,
      15,
    )
    .option('--label <name[=text]>', 'a label of its jobs; may be repeated', collect, [])
    .option('--lock <name>', 'at most one job with this lock at a time on each host; others wait')
    .option('--when-reachable', 'a job for a host that is away waits, and starts when it is back')
    .option(
      '--expires <time>',
      'with --when-reachable: how long it waits; 1d where nothing is said',
      age,
    )
    .option('-o, --one-line', 'a line a host')
    .option('--list-hosts', 'say which hosts, and run nothing')
    .option('-t, --tree <folder>', 'write the result of each host to a file in this folder')
    .option('--task-timeout <seconds>', 'the time limit of the task', wholeNumber)
    .option('--playbook-dir <folder>', 'where group_vars, roles, library and files lie')
    .action(async (pattern: string, command: readonly string[], flags: ExecFlags) => {
      if (command.length > 0 && (flags.moduleName !== undefined || flags.args !== undefined)) {
        exec.error(
          `error: unrecognized arguments: ${command.join(' ')} (-m and -a say what to do already)`,
        )
      }
      const { execOnHosts } = await import('../commands/exec.ts')
      done(await execOnHosts([pattern, ...command], flags, { ...context, argv: argv.slice(1) }))
    })
}

function addInventoryCommand(program: Command, { context, done }: Wiring): void {
  addVerboseFlag(addInventoryFlags(program.command('inventory')))
    .description('print hosts, groups and variables')
    .argument('[group]', 'with --graph: where to begin')
    .option('--list', 'everything')
    .option('--host <host>', 'the variables of one host')
    .option('--graph', 'groups and hosts as a tree')
    .option('-y, --yaml', 'YAML instead of JSON')
    .option('--vars', 'with --graph: variables too')
    .option('--export', 'variables where they were defined, not at each host')
    .option('--output <file>', 'write to this file')
    .option('--playbook-dir <folder>', 'where group_vars and host_vars of a playbook lie')
    .action(async (group: string | undefined, flags: ShowInventoryFlags) => {
      const { showInventory } = await import('../commands/inventory.ts')
      done(await showInventory(group, flags, context))
    })
}
