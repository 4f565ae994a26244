import { readFile } from 'node:fs/promises'
import { textOf } from './arguments.ts'
import { mapOf, newMap } from '../../proto/value.ts'
import type { ValueMap } from '../../proto/value.ts'
import { answer, failure, type Finished, type HostModule } from './module.ts'
import { commandLine } from './command.ts'
import { outputLines, outputText } from './output-text.ts'
import { exitCodeOfProgram } from './program.ts'
import { shellWords } from './shell-words.ts'

/** Sends a program from the controller and runs it. */
export const script: HostModule = {
  kind: 'host',
  name: 'script',
  isFreeForm: true,
  options: {
    cmd: { type: 'str' },
    chdir: { type: 'str' },
    creates: { type: 'str' },
    removes: { type: 'str' },
    executable: { type: 'str' },
    decrypt: { type: 'bool', default: true },
  },
  ask: async (call) => {
    const [name, ...words] = shellWords(commandLine(call) ?? '')
    if (name === undefined) return failure('no command given')
    const creates = call.args.get('creates')
    const removes = call.args.get('removes')
    const chdir = call.args.get('chdir')
    const executable = call.args.get('executable')
    if (chdir !== undefined && !textOf(chdir).startsWith('/')) {
      return failure(`chdir ${textOf(chdir)} must be an absolute path for a Unix-aware remote node`)
    }
    const path = call.files.find('files', name)
    if (call.checkMode && creates === undefined && removes === undefined) {
      return answer(
        mapOf({
          skipped: true,
          msg: 'Check mode is not supported for this task.',
        }),
      )
    }
    const content = withInterpreter(
      await readFile(path),
      executable === undefined ? undefined : textOf(executable),
    )
    return {
      kind: 'ask',
      work: {
        kind: 'command',
        argv: [name, ...words],
        checkOnly: call.checkMode,
        uploadId: await call.upload(content),
        ...(creates === undefined ? {} : { creates: textOf(creates) }),
        ...(removes === undefined ? {} : { removes: textOf(removes) }),
      },
      ...(chdir === undefined ? {} : { cwd: textOf(chdir) }),
      reading: {
        kind: 'script',
        creates: textOf(creates ?? ''),
        removes: textOf(removes ?? ''),
      },
    }
  },
}

/** What a script that was sent came to. */
export function scriptResult(
  end: Finished,
  paths: { readonly creates: string; readonly removes: string },
): ValueMap {
  const { skippedBecause } = end.report
  if (skippedBecause === '') return mapOf({ changed: true })
  if (skippedBecause !== undefined) {
    const msg = skippedBecause.endsWith('does not exist')
      ? `${paths.removes} does not exist, matching removes option`
      : `${paths.creates} exists, matching creates option`
    return mapOf({ skipped: true, msg })
  }
  return newMap([['changed', true], ...lowLevelResult(end)])
}

/** What script and raw give: all output as it came. */
export function lowLevelResult(end: Finished): ValueMap {
  const rc = exitCodeOfProgram(end)
  const { state } = end.report
  const notStarted =
    state.kind === 'failed' && state.failure.kind === 'start' ? state.failure.message : ''
  const stdout = outputText(end.stdout)
  const stderr = outputText(end.stderr) || notStarted
  return mapOf({
    rc,
    stdout,
    stdout_lines: outputLines(stdout),
    stderr,
    stderr_lines: outputLines(stderr),
    changed: true,
    ...(rc === 0 ? {} : { failed: true, msg: 'non-zero return code' }),
  })
}

/** The file with a first line that names who reads it: `executable`, or sh for text that names nobody. */
function withInterpreter(content: Buffer, executable: string | undefined): Uint8Array {
  const namesOne = content.subarray(0, 2).toString('latin1') === '#!'
  if (executable === undefined) {
    return namesOne || content.subarray(0, 4096).includes(0)
      ? content
      : join('#!/bin/sh\n', content)
  }
  const line = executable.startsWith('/') ? executable : `/usr/bin/env ${executable}`
  const lineEnd = content.indexOf('\n')
  return join(
    `#!${line}\n`,
    namesOne ? content.subarray(lineEnd < 0 ? content.length : lineEnd + 1) : content,
  )
}

function join(line: string, content: Buffer): Uint8Array {
  return Buffer.concat([Buffer.from(line, 'utf8'), content])
}
