import { InvalidArgumentError, Option, type Command } from 'commander'

/** What commander makes of the flags that `errand run` and `errand exec` share. */
export interface RunFlags extends InventoryFlags, ConnectionFlagValues {
  readonly check?: true
  readonly diff?: true
  readonly forks?: number
  readonly verbose: number
  readonly modulePath: readonly string[]
  readonly install: boolean
  readonly follow?: true
  readonly detach?: true
  readonly onInterrupt: 'leave' | 'cancel'
  readonly junit?: string
  readonly output?: OutputFormat
  readonly json?: true
}

/** What `--follow` does. */
export const followHelp = 'show the output of commands while they write it'

/** How a run is printed. */
export type OutputFormat = 'text' | 'json'

/** Flags that say which hosts, with which variables. */
export interface InventoryFlags extends VaultFlags {
  readonly inventory: readonly string[]
  readonly limit: readonly string[]
  readonly extraVars: readonly string[]
}

/** Flags that say how vaults are opened. */
export interface VaultFlags {
  readonly vaultId: readonly string[]
  readonly vaultPasswordFile: readonly string[]
  readonly askVaultPass?: true
}

/** Flags that say how to reach hosts. */
export interface ConnectionFlagValues {
  readonly user?: string
  readonly connection?: string
  readonly timeout?: number
  readonly privateKey?: string
  readonly askPass?: true
  readonly connectionPasswordFile?: string
  readonly sshCommonArgs?: string
  readonly sshExtraArgs?: string
  readonly become?: true
  readonly becomeMethod?: string
  readonly becomeUser?: string
  readonly askBecomePass?: true
  readonly becomePasswordFile?: string
  readonly acceptNewHostKeys?: true
  readonly nodeRuntime?: string
}

/** Adds the flags that name inventories and variables. */
export function addInventoryFlags(command: Command): Command {
  command
    .option(
      '-i, --inventory <source>',
      'inventory file, folder or list with a comma; may be repeated',
      collect,
      [],
    )
    .option('-e, --extra-vars <vars>', 'k=v, YAML, JSON or @file; may be repeated', collect, [])
  return addVaultFlags(command)
}

/** Adds the flags that say where vault passwords come from. */
export function addVaultFlags(command: Command): Command {
  return command
    .option(
      '--vault-id <label@source>',
      'a vault password: prompt, or a file; may be repeated',
      collect,
      [],
    )
    .option('--vault-password-file <file>', 'file or program with the vault password', collect, [])
    .option('-J, --ask-vault-pass', 'ask for the vault password')
}

/** Adds -l, which leaves out hosts. */
export function addLimitFlag(command: Command): Command {
  return command.option('-l, --limit <pattern>', 'only these of the hosts', collect, [])
}

/** Adds the flags that say how to reach hosts. */
export function addConnectionFlags(command: Command): Command {
  return command
    .option('-u, --user <name>', 'log in as this user')
    .option('-c, --connection <type>', 'ssh or local')
    .option('-T, --timeout <seconds>', 'how long to wait for a connection', wholeNumber)
    .option('--private-key <file>', 'log in with this key')
    .option('-k, --ask-pass', 'ask for the password to log in with')
    .option('--connection-password-file <file>', 'file with the password to log in with')
    .option('--ssh-common-args <args>', 'options for every connection, as ssh has them')
    .addOption(new Option('--ssh-extra-args <args>').hideHelp())
    .addOption(new Option('--sftp-extra-args <args>').hideHelp())
    .addOption(new Option('--scp-extra-args <args>').hideHelp())
    .option('-b, --become', 'become another user')
    .option('--become-method <method>', 'sudo or su')
    .option('--become-user <name>', 'the user to become; root where nothing is said')
    .option('-K, --ask-become-pass', 'ask for the password to become another user with')
    .option('--become-password-file <file>', 'file with that password')
    .option('--accept-new-host-keys', 'trust hosts whose key is not known yet')
    .option('--node-runtime <file>', 'Node for targets without one, instead of the packaged one')
}

/** Adds the flags of running something, those of hosts and connections included. */
export function addRunFlags(command: Command): Command {
  addVerboseFlag(addConnectionFlags(addLimitFlag(addInventoryFlags(command))))
  return command
    .option('-C, --check', 'change nothing, say what would change')
    .option('-D, --diff', 'show what changes in files')
    .option('-f, --forks <number>', 'how many hosts work at once', forkNumber)
    .option('-M, --module-path <path>', 'where to look for modules; may be repeated', collect, [])
    .option('--no-install', 'do not put an agent on hosts that have none')
    .option('--follow', followHelp)
    .option('--detach', 'print the id of the run and leave; errand attach follows it')
    .addOption(interruptOption())
    .option('--junit <file>', 'also write what came of each task as JUnit XML')
    .addOption(outputOption())
    .option('--json', 'the same as --output json')
}

/** The option that says what becomes of jobs at Ctrl-C. */
export function interruptOption(): Option {
  return new Option('--on-interrupt <what>', 'what Ctrl-C does with the jobs that run')
    .choices(['leave', 'cancel'])
    .default('leave')
}

/** The option that says how a run is printed. */
export function outputOption(): Option {
  return new Option(
    '--output <format>',
    'json: the events of the run, a JSON object a line',
  ).choices(['text', 'json'])
}

/** Adds -v, which counts. */
export function addVerboseFlag(command: Command): Command {
  command.addOption(new Option('-v, --verbose', 'say more; up to -vvvvvv').default(0))
  let count = 0
  command.on('option:verbose', () => {
    count += 1
    command.setOptionValue('verbose', count)
  })
  return command
}

/** For a flag that may be repeated. */
export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}

/** For `-f`. */
function forkNumber(text: string): number {
  const number = wholeNumber(text)
  if (number >= 1) return number
  throw new InvalidArgumentError('The number of processes (--forks) must be >= 1')
}

/** For a flag that takes a whole number. */
export function wholeNumber(text: string): number {
  if (/^\d+$/u.test(text)) return Number(text)
  throw new InvalidArgumentError(`a whole number is expected, not "${text}"`)
}
