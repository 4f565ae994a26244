import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Text files that the programs carry: in a bundle they are embedded, from source they are read beside the code. */
declare const ERRAND_ASSETS: Readonly<Record<string, string>> | undefined

/**
 * The text of an asset by its path from the project's root, `/` between the parts: `proto/agent.proto`.
 *
 * @throws {Error} when there is none: a defect of the build.
 */
export function asset(path: string): string {
  const embedded = typeof ERRAND_ASSETS === 'undefined' ? undefined : ERRAND_ASSETS[path]
  return embedded ?? readFileSync(join(import.meta.dirname, '..', path), 'utf8')
}
