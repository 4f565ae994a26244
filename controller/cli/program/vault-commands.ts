import type { Command } from 'commander'
import type { VaultAction, VaultCommandFlags } from '../commands/vault.ts'
import { addVaultFlags, addVerboseFlag, collect } from '../flags/run-flags.ts'
import type { Wiring } from './wiring.ts'

interface ActionWords {
  readonly does: string
  readonly words: string
  readonly isSealing?: true
  readonly hasOutput?: true
}

const actions: Readonly<Record<VaultAction, ActionWords>> = {
  create: { does: 'write a new encrypted file with $EDITOR', words: '[file...]', isSealing: true },
  decrypt: { does: 'decrypt files', words: '[file...]', hasOutput: true },
  edit: { does: 'change an encrypted file with $EDITOR', words: '[file...]', isSealing: true },
  view: { does: 'show what is in encrypted files', words: '[file...]' },
  encrypt: { does: 'encrypt files', words: '[file...]', isSealing: true, hasOutput: true },
  encrypt_string: {
    does: 'encrypt a text, as a value for a YAML file',
    words: '[text...]',
    isSealing: true,
    hasOutput: true,
  },
  rekey: { does: 'encrypt files with another password', words: '[file...]', isSealing: true },
}

/** `vault` and what it does. */
export function addVaultCommands(program: Command, { context, done }: Wiring): void {
  const vault = program
    .command('vault')
    .description('encrypt and decrypt files and texts, as ansible-vault does')
  for (const [name, { does, words, isSealing, hasOutput }] of Object.entries(actions)) {
    const action = name as VaultAction
    const command = addVerboseFlag(addVaultFlags(vault.command(name)))
      .description(does)
      .argument(words)
      .action(async (given: readonly string[], flags: VaultCommandFlags) => {
        const { useVault } = await import('../commands/vault.ts')
        done(await useVault(action, { words: given, flags }, context))
      })
    if (isSealing) command.option('--encrypt-vault-id <label>', 'encrypt with this vault password')
    if (hasOutput) command.option('--output <file>', 'write to this file; - is standard output')
    if (action === 'rekey') addRekeyFlags(command)
    if (action === 'encrypt_string') addStringFlags(command)
  }
}

function addRekeyFlags(command: Command): void {
  command
    .option('--new-vault-id <label@source>', 'the new password: prompt, or a file')
    .option('--new-vault-password-file <file>', 'file or program with the new password')
}

function addStringFlags(command: Command): void {
  command
    .option('-n, --name <name>', 'the name of the variable; may be repeated', collect, [])
    .option('--stdin-name <name>', 'the name of the variable that standard input is')
    .option('-p, --prompt', 'ask for the text')
    .option('--show-input', 'show the text while it is typed')
}
