/**
 * Text that must stay as it is (`!unsafe`, a decrypted `!vault` value), written as a template whose value it is.
 * So the mark needs no type of its own, and survives every copy of the variable that holds it.
 */
export function templateForText(text: string): string {
  if (!/\{[{%#]/u.test(text)) return text
  const body = text.replace(/[\\'"{}%#\p{Cc}]/gu, escapeCharacter)
  return `${open}${body}${close}`
}

/** What {@link templateForText} was given, for printing; other text unchanged. */
export function textOfTemplate(template: string): string {
  if (!template.startsWith(open) || !template.endsWith(close)) return template
  const body = template.slice(open.length, -close.length)
  if (!body.includes('\\x7b') || !/^(?:[^\\'{}]|\\x[0-9a-f]{2})*$/u.test(body)) return template
  return body.replace(/\\x([0-9a-f]{2})/gu, (_all, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
}

const open = "{{ '"
const close = "' }}"

function escapeCharacter(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
}
