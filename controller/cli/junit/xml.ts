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
  const pairs = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${escaped(`${value}`, inAttribute)}"`,
  )
  const open = `${margin}<${name}${pairs.join('')}`
  if (children.length === 0) return `${open}/>`
  if (children.every((child) => typeof child === 'string')) {
    return `${open}>${children.map((text) => escaped(text, inText)).join('')}</${name}>`
  }
  const inner = children.map((child) =>
    typeof child === 'string' ? escaped(child, inText) : elementText(child, `${margin}  `),
  )
  return `${open}>\n${inner.join('\n')}\n${margin}</${name}>`
}

/** In an attribute a reader makes every blank a space, and in text `\r\n` one line end, unless it is written as a number. */
function escaped(text: string, special: RegExp): string {
  return text
    .toWellFormed()
    .replaceAll(impossible, '\u{FFFD}')
    .replaceAll(special, (letter) => entities[letter] ?? letter)
}

const inText = /[&<>\r]/gu
const inAttribute = /[&<>"'\t\n\r]/gu

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
