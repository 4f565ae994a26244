/** An element of XML: its name, its attributes, and text or elements in it. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string | number>>
  readonly children?: readonly (Element | string)[]
}

/** A whole XML 1.0 document in UTF-8. Any text is taken; letters that XML cannot hold are shown as U+FFFD. */
export function xmlDocument(root: Element): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${elementText(root, '')}\n`
}

function elementText({ name, attributes, children = [] }: Element, margin: string): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(`${value}`)}"`)
  const open = `${margin}<${name}${pairs.join('')}`
  if (children.length === 0) return `${open}/>`
  if (children.every((child) => typeof child === 'string')) {
    return `${open}>${children.map(escaped).join('')}</${name}>`
  }
  const inner = children.map((child) =>
    typeof child === 'string' ? escaped(child) : elementText(child, `${margin}  `),
  )
  return `${open}>\n${inner.join('\n')}\n${margin}</${name}>`
}

/** For text and for attributes: blanks other than the space are kept as what they are by their number. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(impossible, '\u{FFFD}')
    .replaceAll(/[&<>"'\t\n\r]/gu, (letter) => entities[letter] ?? letter)
}

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const impossible = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/gu

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}
