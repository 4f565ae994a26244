import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The agent as `npm run build` makes it: what hosts are really sent. */
export function agentBundle(): string {
  const path = join(import.meta.dirname, '../../../dist/errand-agent.js')
  if (!existsSync(path)) throw new Error(`${path} is missing: npm run build`)
  return path
}
