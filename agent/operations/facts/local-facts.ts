import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { content, names, type Facts } from './read.ts'

/** `ansible_local`: what the `*.fact` files in a folder say: programs that print, JSON, or INI. */
export async function localFacts(dir: string): Promise<Facts> {
  const facts: Record<string, unknown> = {}
  for (const name of names(dir).filter((entry) => entry.endsWith('.fact'))) {
    const text = await factText(join(dir, name))
    facts[name.slice(0, -'.fact'.length)] = typeof text === 'string' ? parseFact(text) : text.error
  }
  return facts
}

async function factText(path: string): Promise<string | { readonly error: string }> {
  const isProgram = (statSync(path).mode & 0o100) !== 0
  if (!isProgram)
    return content(path) ?? { error: `error loading fact - please check content: ${path}` }
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

/** JSON, else INI: sections of lower-case names with texts in them. */
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
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '' || /^[#;]/u.test(line)) continue
    const name = /^\[([^\]]+)\]$/u.exec(line)?.[1]
    const [, key, value = ''] = /^([^=:]+?)\s*[=:]\s*(.*)$/u.exec(line) ?? []
    if (name !== undefined) section = sections[name] ??= {}
    else if (key !== undefined && section) section[key.toLowerCase()] = value
    else return 'error loading facts as JSON or ini - please check content'
  }
  return sections
}
