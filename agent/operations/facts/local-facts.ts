import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { content, names, type Facts } from './read.ts'

/** `ansible_local`: what the `*.fact` files in a folder say: programs that print, JSON, or INI. Why one says nothing is a warning too. */
export async function localFacts(dir: string, warn: (text: string) => void): Promise<Facts> {
  const facts: Record<string, unknown> = {}
  for (const name of names(dir).filter((entry) => entry.endsWith('.fact'))) {
    const path = join(dir, name)
    const text = await factText(path)
    const fact = typeof text === 'string' ? parseFact(text) : undefined
    const why =
      typeof text === 'string'
        ? `error loading facts as JSON or ini - please check content: ${path}`
        : text.error
    if (fact === undefined) warn(why)
    facts[name.slice(0, -'.fact'.length)] = fact === undefined ? why : fact
  }
  return facts
}

async function factText(path: string): Promise<string | { readonly error: string }> {
  const isProgram = (statSync(path).mode & 0o100) !== 0
  if (!isProgram) return content(path) ?? ''
  return await new Promise((resolve) => {
    execFile(path, [], { timeout: 10_000 }, (error, stdout, stderr) => {
      if (error)
        resolve({
          error: `Failure executing fact script (${path}), rc: ${String(error.code)}, err: ${stderr}`,
        })
      else resolve(stdout)
    })
  })
}

/** JSON, else INI: sections of lower-case names with texts in them; undefined when it is neither. */
export function parseFact(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return parseIni(text)
  }
}

function parseIni(text: string): unknown {
  const sections: Record<string, Record<string, string>> = {}
  let section: Record<string, string> | undefined
  let last: string | undefined
  for (const written of text.split('\n')) {
    const line = written.trim()
    if (line === '' || /^[#;]/u.test(line)) continue
    const name = /^\[([^\]]+)\]$/u.exec(line)?.[1]
    const [, key, value = ''] = /^([^=:]+?)\s*[=:]\s*(.*)$/u.exec(line) ?? []
    // A line that is set in goes on with the value before.
    const goesOn = /^\s/u.test(written) && section !== undefined && last !== undefined
    if (goesOn && section && last !== undefined) section[last] = `${section[last]}\n${line}`
    else if (name !== undefined) [section, last] = [(sections[name] ??= {}), undefined]
    else if (key !== undefined && section) {
      last = key.toLowerCase()
      section[last] = value
    } else return undefined
  }
  return sections
}
