/**
 * Text that must stay as it is (`!unsafe`, a decrypted `!vault` value), written as a template whose value it is.
 * So the mark needs no type of its own, and survives every copy of the variable that holds it. The filter `string`
 * keeps text that reads like a list from becoming one.
 */
export function templateForText(text: string): string {
  if (!holdsMarks(text)) return text
  const parts = text.split(/(\\*'|\\+$)/u).map((part, index) => {
    // Every second part is what the expression found: quotes and the backslashes before them.
    return index % 2 === 0 ? `'${part}'` : part.split('').map(literalOf).join(glue)
  })
  return `${open}${parts.join(glue)}${close}`
}

/**
 * A `!vault` value that could not be opened, written as a template that fails: only what needs the value fails, with
 * Ansible's words.
 */
export function templateForSealed(hasSecrets: boolean): string {
  const why = hasSecrets
    ? 'Decryption failed (no vault secrets were found that could decrypt)'
    : 'Attempting to decrypt but no vault secrets found'
  return `{{ '${why}' | ${sealedFilter} }}`
}

/** Whether a template was made by {@link templateForSealed}. */
export function isSealed(template: string): boolean {
  return template.endsWith(` | ${sealedFilter} }}`)
}

/** The filter that fails for {@link templateForSealed}. */
export const sealedFilter = 'errand_sealed'

/** What {@link templateForText} was given, for printing; other text unchanged. */
export function textOfTemplate(template: string): string {
  if (!template.startsWith(open) || !template.endsWith(close)) return template
  const parts = template.slice(open.length, -close.length).match(/'\\\\'\[0\]|"'"|'[^']*'/gu) ?? []
  const text = parts.map((part) => (part === backslash ? '\\' : part.slice(1, -1))).join('')
  return templateForText(text) === template ? text : template
}

const open = '{{ ('
const glue = ' ~ '
const close = ') | string }}'

/** In a template's text a backslash is itself, unless a quote follows: then it is the first of the two written here. */
const backslash = String.raw`'\\'[0]`

function literalOf(character: string): string {
  return character === "'" ? `"'"` : backslash
}

function holdsMarks(text: string): boolean {
  return /\{[{%#]/u.test(text)
}
