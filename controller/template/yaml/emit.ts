import { checkText } from '../limits.ts'
import type { Datum } from '../python/datum.ts'
import { type YamlLayout, YamlEmitter } from './emitter.ts'

export type { YamlLayout } from './emitter.ts'

/** A value as YAML, as PyYAML prints it. */
export function emitYaml(datum: Datum, layout: YamlLayout): string {
  const text = new YamlEmitter(layout).document(datum)
  checkText(text.length)
  return text
}
