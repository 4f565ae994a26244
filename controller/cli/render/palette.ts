/** Ansible's names for what a colour means, with the colour it gives them unless configured otherwise. */
const codes = {
  ok: '0;32',
  changed: '0;33',
  skip: '0;36',
  error: '0;31',
  unreachable: '1;31',
  warning: '1;35',
  deprecation: '0;35',
  verbose: '0;34',
  debug: '1;30',
  added: '0;32',
  removed: '0;31',
  hunk: '0;36',
} as const

/** What a piece of text means. */
export type Meaning = keyof typeof codes

/** The text in the colour of its meaning, each line by itself. */
export function coloured(text: string, meaning: Meaning): string {
  return text
    .split('\n')
    .map((line) => `\u001B[${codes[meaning]}m${line}\u001B[0m`)
    .join('\n')
}
