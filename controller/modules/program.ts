import { isFinal, type JobWork } from '../../proto/job.ts'
import { textOf } from './arguments.ts'
import { mapOf } from '../../proto/value.ts'
import type { Value, ValueMap } from '../../proto/value.ts'
import { answer, type Answer, type Ask, type Finished, type HostCall } from './module.ts'
import { outputText } from './output-text.ts'
import { quoteWord } from './shell-words.ts'
import type { ProgramReading } from './reading.ts'
import { duration, localTime } from './times.ts'

/** What command and shell have in common. */
export interface Program {
  readonly argv: readonly string[]
  /** The result's `cmd`: a list, or text for shell. */
  readonly cmd: Value
  readonly call: HostCall
}

/** Asks for a program, its result as the command module gives it. */
export function askProgram(program: Program): Ask | Answer {
  const { call, argv, cmd } = program
  const { args } = call
  const creates = text(args.get('creates'))
  const removes = text(args.get('removes'))
  if (call.checkMode && creates === undefined && removes === undefined)
    return answer(wouldRun(cmd, true))
  const work: JobWork = {
    kind: 'command',
    argv,
    checkOnly: call.checkMode,
    ...(creates === undefined ? {} : { creates }),
    ...(removes === undefined ? {} : { removes }),
  }
  const chdir = text(args.get('chdir'))
  return {
    kind: 'ask',
    work,
    ...(chdir === undefined ? {} : { cwd: chdir }),
    ...stdinOf(args),
    reading: {
      kind: 'program',
      cmd,
      isStripped: args.get('strip_empty_ends') !== false,
      checkMode: call.checkMode,
    },
  }
}

function stdinOf(args: ValueMap): { readonly stdin?: Uint8Array } {
  const stdin = text(args.get('stdin'))
  if (stdin === undefined) return {}
  const whole = args.get('stdin_add_newline') === false ? stdin : `${stdin}\n`
  return { stdin: Buffer.from(whole, 'utf8') }
}

/** What a program came to, as the command module tells it. */
export function programResult(program: ProgramReading, end: Finished): ValueMap {
  const { cmd } = program
  const { state, skippedBecause } = end.report
  if (program.checkMode && (skippedBecause === undefined || skippedBecause === ''))
    return wouldRun(cmd, false)
  if (skippedBecause !== undefined) return notRun(program, skippedBecause)
  if (state.kind === 'failed' && state.failure.kind === 'start')
    return notStarted(program, state.failure)
  const rc = exitCodeOfProgram(end)
  const times = isFinal(state) ? [state.startedAtMs, state.endedAtMs] : [0, 0]
  const [startedAtMs = 0, endedAtMs = 0] = times
  const result = {
    ...emptyProgram(cmd),
    changed: true,
    stdout: stripped(program, end.stdout),
    stderr: stripped(program, end.stderr),
    rc,
    start: localTime(startedAtMs),
    end: localTime(endedAtMs),
    delta: duration(endedAtMs - startedAtMs),
  }
  return rc === 0 ? mapOf(result) : failedProgram({ ...result, msg: 'non-zero return code' })
}

/** 0 and up: the exit code; below 0: the signal that ended it. */
export function exitCodeOfProgram(end: Finished): number {
  const { state } = end.report
  if (state.kind !== 'failed') return 0
  switch (state.failure.kind) {
    case 'exit':
      return state.failure.exitCode
    case 'signal':
      return -state.failure.signal
    case 'start':
      return errnos[state.failure.errno] ?? 1
  }
}

const errnos: Readonly<Record<string, number>> = {
  EPERM: 1,
  ENOENT: 2,
  EIO: 5,
  E2BIG: 7,
  ENOEXEC: 8,
  ENOMEM: 12,
  EACCES: 13,
  ENOTDIR: 20,
  EISDIR: 21,
}

const noFolder = 'Unable to change directory before execution'

function notStarted(
  { cmd }: ProgramReading,
  start: { readonly errno: string; readonly message: string },
): ValueMap {
  const msg = start.message
  if (msg.startsWith(noFolder)) return failedProgram({ ...emptyProgram(cmd), msg })
  const rc = errnos[start.errno] ?? 1
  const shown = Array.isArray(cmd)
    ? cmd.map((word: Value) => quoteWord(textOf(word))).join(' ')
    : cmd
  return mapOf({ rc, stdout: '', stderr: '', cmd: shown, failed: true, msg })
}

function notRun(program: ProgramReading, because: string): ValueMap {
  const did = program.checkMode ? 'Would' : 'Did'
  const { path = '', state = 'exists' } = whyNotRun.exec(because)?.groups ?? {}
  return mapOf({
    ...emptyProgram(program.cmd),
    rc: 0,
    stdout: because,
    msg: `${did} not run command since '${path}' ${state}`,
  })
}

/** As the agent says that a file is there, or not. */
const whyNotRun = /^skipped, since (?<path>.*) (?<state>exists|does not exist)$/su

function wouldRun(cmd: Value, isSkipped: boolean): ValueMap {
  return mapOf({
    ...emptyProgram(cmd),
    changed: !isSkipped,
    rc: 0,
    msg: 'Command would have run if not in check mode',
    ...(isSkipped ? { skipped: true } : {}),
  })
}

/** The fields of a program that has not run, in Ansible's order. */
function emptyProgram(cmd: Value): Readonly<Record<string, Value>> {
  return {
    changed: false,
    stdout: '',
    stderr: '',
    rc: null,
    cmd,
    start: null,
    end: null,
    delta: null,
    msg: '',
  }
}

/** A program that failed: its message comes last. */
function failedProgram({ msg = '', ...rest }: Readonly<Record<string, Value>>): ValueMap {
  return mapOf({ ...rest, failed: true, msg })
}

/** A task that does not say what to run. */
export function noProgram(msg: string): Answer {
  return answer(failedProgram({ ...emptyProgram(null), rc: 256, msg }))
}

function stripped(program: ProgramReading, bytes: Uint8Array): string {
  const whole = outputText(bytes)
  return program.isStripped ? whole.replace(/[\r\n]+$/u, '') : whole
}

function text(value: Value | undefined): string | undefined {
  return value === undefined || value === null ? undefined : textOf(value)
}
