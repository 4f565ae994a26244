import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const built = join(import.meta.dirname, '../../dist/errand-agent.js')

/** Builds of the agent that an upgrade must tell apart, made out of the real one. */
const changes = {
  /** A good one, of another version. */
  next: replacing(/errandVersion ?= ?"[^"]*"/u, 'errandVersion="9.9.9"'),
  /** Fails before it has said its version. */
  broken: inFront('throw new Error("this build is broken")'),
  /** Says its version, and fails when it is to serve. */
  'no-serve': inFront('if(process.argv.includes("serve"))throw new Error("no serving here")'),
  /** Starts, and never listens. */
  silent: inFront(
    'if(process.argv.includes("serve")){setInterval(()=>{},1000);await new Promise(()=>{})}',
  ),
  /** Answers, and looks for its jobs elsewhere. */
  forgetful: replacing(/spoolDir: ?folder\.spool/u, 'spoolDir:folder.spool+"-elsewhere"'),
  /** Speaks a protocol to come. */
  foreign: replacing(/protocolVersion ?= ?\d+\b/u, 'protocolVersion=99'),
} as const

/** Writes a build of that kind into `folder`; gives its path. */
export async function agentVariant(folder: string, name: keyof typeof changes): Promise<string> {
  const path = join(folder, `agent-${name}.mjs`)
  await writeFile(path, changes[name](await readFile(built, 'utf8')))
  return path
}

function inFront(statement: string): (text: string) => string {
  return (text) => `${statement};\n${text}`
}

function replacing(pattern: RegExp, by: string): (text: string) => string {
  return (text) => {
    if (!pattern.test(text)) throw new Error(`${String(pattern)} is not in the built agent`)
    return text.replace(pattern, by)
  }
}
