import { spawnSync } from 'node:child_process'
import type { Value } from '../../../proto/value.ts'
import { boolOption, textTerms } from './lookup-call.ts'
import { LookupFailure } from '../../template/scope.ts'
import type { Lookup, LookupCall } from './lookup-call.ts'

/**
 * Lookups that run a program on the controller. A template has its value at once or not at all, so these wait, and the
 * controller with them.
 */
export const commandLookups: Readonly<Record<string, Lookup>> = { pipe, lines, url }

/** Output of a command may be this long, bytes. */
const longest = 64 * 1024 * 1024

/** A command or a download may take this long. */
const timeoutMs = 120_000

function pipe(call: LookupCall): readonly Value[] {
  return textTerms(call).map((term) => run(call, ['/bin/sh', '-c', term]).replace(/\n+$/u, ''))
}

function lines(call: LookupCall): readonly Value[] {
  return textTerms(call).flatMap((term) => splitLines(run(call, ['/bin/sh', '-c', term])))
}

const download = `
const answer = await fetch(process.argv[1])
if (!answer.ok) { console.error('HTTP ' + answer.status + ' ' + answer.statusText); process.exit(1) }
process.stdout.write(await answer.text())
`

function url(call: LookupCall): readonly Value[] {
  return textTerms(call).flatMap((term) => {
    const command = [process.execPath, '--input-type=module', '-e', download, term]
    const text = run(call, command, `Failed lookup url for ${term}`)
    return boolOption(call, 'split_lines', true) ? splitLines(text) : [text]
  })
}

function run(call: LookupCall, command: readonly string[], what?: string): string {
  const [program = '', ...args] = command
  const { environment: env, cwd } = call.world
  const done = spawnSync(program, args, {
    env: { ...env },
    cwd,
    encoding: 'utf8',
    maxBuffer: longest,
    timeout: timeoutMs,
  })
  if (done.status === 0) return done.stdout
  const said = done.error?.message ?? done.stderr.trim()
  throw new LookupFailure(
    what === undefined
      ? `lookup_plugin.${call.name}(${args.at(-1) ?? ''}) returned ${done.status ?? done.signal ?? 'no status'}`
      : `${what}: ${said}`,
  )
}

function splitLines(text: string): readonly string[] {
  const found = text.split(/\r\n|\n|\r/u)
  return found.at(-1) === '' ? found.slice(0, -1) : found
}
