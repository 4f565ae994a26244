import { newMap, type MutableMap, type ValueMap } from '../../proto/value.ts'

const decoder = new TextDecoder('utf-8')

/** A program's output as text; bytes that are no UTF-8 become U+FFFD. */
export function outputText(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}

/** Lines as Python's splitlines makes them: no empty one at the end. */
export function outputLines(text: string): readonly string[] {
  if (text === '') return []
  // eslint-disable-next-line no-control-regex -- Python's line ends
  const lines = text.split(/\r\n|[\n\r\v\f\u001c-\u001e\u0085\u2028\u2029]/u)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** A result with `stdout_lines` and `stderr_lines` beside the texts that it has. */
export function withLines(given: ValueMap): MutableMap {
  const result = newMap(given)
  for (const stream of ['stdout', 'stderr'] as const) {
    const text = result.get(stream)
    if (typeof text === 'string' && result.get(`${stream}_lines`) === undefined) {
      result.set(`${stream}_lines`, outputLines(text))
    }
  }
  return result
}
