import { spawnSync, type SpawnSyncReturns } from 'node:child_process'
import type { Value } from '../../../proto/value.ts'
import { textTerms } from './lookup-call.ts'
import { LookupFailure } from '../../template/scope.ts'
import type { Lookup, LookupCall } from './lookup-call.ts'

/**
 * Lookups that run a program on the controller. A template has its value at once or not at all, so these wait, and the
 * controller with them.
 */
export const commandLookups: Readonly<Record<string, Lookup>> = { pipe, lines }

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

function run(call: LookupCall, command: readonly [string, ...string[]]): string {
  const done = runHere(call, command)
  if (done.status === 0) return done.stdout
  throw new LookupFailure(
    `lookup_plugin.${call.name}(${command.at(-1) ?? ''}) returned ${done.status ?? done.signal ?? 'no status'}`,
  )
}

/** Runs a program on the controller's machine to its end, as the user's shell would. */
export function runHere(
  call: LookupCall,
  [program, ...args]: readonly [string, ...string[]],
  {
    environment = {},
    input = '',
  }: { readonly environment?: Readonly<Record<string, string>>; readonly input?: string } = {},
): SpawnSyncReturns<string> {
  const { environment: env, cwd } = call.world
  const playbookDir = call.scope.resolve('playbook_dir')
  return spawnSync(program, args, {
    env: { ...env, ...environment },
    cwd: typeof playbookDir === 'string' ? playbookDir : cwd,
    input,
    encoding: 'utf8',
    maxBuffer: longest,
    timeout: timeoutMs,
  })
}

/** A text without the ends of its lines. */
export function splitLines(text: string): readonly string[] {
  const found = text.split(/\r\n|\n|\r/u)
  return found.at(-1) === '' ? found.slice(0, -1) : found
}
