/** Quotes a text as one word for a POSIX shell, as Python's `shlex.quote` does. */
export function shellQuote(text: string): string {
  if (text === '') return "''"
  if (/^[\w@%+=:,./-]+$/u.test(text)) return text
  return `'${text.replaceAll("'", `'"'"'`)}'`
}
