import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { setAttributes, type Attributes } from './attributes.ts'

/** Makes a folder with its parents; each that is new gets the attributes. */
export async function madeParents(folder: string, attributes: Attributes): Promise<void> {
  const missing: string[] = []
  for (let at = folder; !existsSync(at); at = dirname(at)) missing.unshift(at)
  mkdirSync(folder, { recursive: true })
  for (const one of missing) await setAttributes(one, attributes, { check: false })
}
