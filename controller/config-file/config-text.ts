import { Problems } from '../yaml/problems.ts'

/** One `key = value` of an ansible.cfg. */
export interface ConfigEntry {
  readonly section: string
  readonly key: string
  readonly value: string
  readonly line: number
}

/**
 * Reads the text of an ansible.cfg: sections, `key = value` or `key: value`, comments with `#` or `;`, and
 * indented lines that go on with the value before them.
 *
 * @throws {ErrandError} `syntax` with every line that cannot be read.
 */
export function parseConfigText(text: string, file: string): readonly ConfigEntry[] {
  const problems = new Problems()
  problems.addText(file, text)
  const entries: ConfigEntry[] = []
  let section: string | undefined
  text.split(/\r?\n/u).forEach((written, index) => {
    const line = index + 1
    if (/^\s*(?:[#;]|$)/u.test(written)) return
    const content = written.replace(/\s;.*$/u, '').trimEnd()
    const name = /^\[([^\]]+)\]/u.exec(content)?.[1]
    const last = entries.at(-1)
    if (name !== undefined) {
      section = name
    } else if (/^\s/u.test(content) && last) {
      entries[entries.length - 1] = { ...last, value: `${last.value}\n${content.trim()}` }
    } else if (section === undefined) {
      problems.add({ file, line, column: 1 }, 'expected a [section] before the first key')
    } else {
      const [, key, value] = /^([^=:]+?)\s*[=:]\s*(.*)$/u.exec(content.trim()) ?? []
      if (key === undefined) problems.add({ file, line, column: 1 }, 'expected key = value')
      else entries.push({ section, key: key.toLowerCase(), value: unescape(value ?? ''), line })
    }
  })
  problems.throwIfAny()
  return entries
}

function unescape(value: string): string {
  const plain = value.replaceAll('%%', '%')
  return /^(["']).*\1$/u.test(plain) ? plain.slice(1, -1) : plain
}
