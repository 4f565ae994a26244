import type { Target } from './nodes.ts'
import type { TokenStream } from './token-stream.ts'
import { describeToken } from './tokens.ts'

/** Reads one thing that can be assigned to: a name, or names in brackets. */
export function parseTarget(stream: TokenStream): Target {
  if (stream.skip('operator', '(')) {
    const target = parseTargets(stream)
    stream.expect('operator', ')')
    return target
  }
  if (!stream.is('name')) throw stream.fail(`unexpected '${describeToken(stream.look())}'`)
  const token = stream.take()
  if (['true', 'false', 'none', 'True', 'False', 'None'].includes(token.text)) {
    throw stream.fail("can't assign to 'const'")
  }
  return { kind: 'name', name: token.text }
}

/** Reads what `for` and `set` assign to: a name, names with commas, or an attribute of a namespace. */
export function parseTargets(
  stream: TokenStream,
  options: { hasNamespace?: boolean } = {},
): Target {
  if (options.hasNamespace === true && stream.is('operator', '.', 1)) {
    const name = stream.expect('name').text
    stream.take()
    return { kind: 'namespace', name, attribute: stream.expect('name').text }
  }
  const first = parseTarget(stream)
  if (!stream.is('operator', ',')) return first
  const items = [first]
  while (stream.skip('operator', ',')) {
    if (stream.is('name', 'in') || stream.is('operator', '=') || stream.is('operator', ')')) break
    items.push(parseTarget(stream))
  }
  return { kind: 'tuple', items }
}
