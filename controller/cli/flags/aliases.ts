/** Ansible's second names of flags. */
const aliases: Readonly<Record<string, string>> = {
  '--inventory-file': '--inventory',
  '--key-file': '--private-key',
  '--conn-pass-file': '--connection-password-file',
  '--become-pass-file': '--become-password-file',
  '--vault-pass-file': '--vault-password-file',
  '--ask-vault-password': '--ask-vault-pass',
}

/** The command line with each flag by its first name; what comes after `--` is left as it is. */
export function withoutAliases(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--')
  const flags = end < 0 ? argv : argv.slice(0, end)
  return [...flags.map(firstName), ...argv.slice(flags.length)]
}

function firstName(word: string): string {
  const [name = '', ...value] = word.split('=')
  return [aliases[name] ?? name, ...value].join('=')
}
