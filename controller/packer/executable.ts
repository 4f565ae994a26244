import type { PackedModule } from '../run/ports.ts'
import { jsonArgsMark } from './module-kind.ts'

/** Where Python usually is, the likeliest first. */
const pythons = [
  '/usr/bin/python3',
  '/usr/libexec/platform-python',
  'python3',
  ...[14, 13, 12, 11, 10, 9, 8, 7, 6].map((minor) => `python3.${minor}`),
  '/usr/bin/python',
  'python',
]

/**
 * One file that a host can run: it reads the arguments from standard input and prints the module's result.
 *
 * @param options.interpreter ansible_python_interpreter; undefined: whichever Python the host has.
 * @param options.removes A file or folder that goes when the module has ended.
 */
export function executable(
  module: PackedModule,
  options: { readonly interpreter: string | undefined; readonly removes?: string },
): Uint8Array<ArrayBuffer> {
  const { interpreter, removes } = options
  if (module.kind === 'python') {
    const start =
      removes === undefined ? pythonStart(interpreter) : pythonThenRemove(interpreter, removes)
    return Buffer.concat([Buffer.from(start, 'utf8'), module.content])
  }
  const content = withInterpreter(module.content, interpreter)
  // The number of the first byte after the script is part of the script: its length must not depend on it.
  const length = Buffer.byteLength(unpackAndRun(0))
  return Buffer.concat([Buffer.from(unpackAndRun(length + 1), 'utf8'), content])
}

/** The module with its arguments in its text, for those that want them there. */
export function withJsonArgs(module: PackedModule, argsJson: string): PackedModule {
  const text = Buffer.from(module.content).toString('utf8')
  return { ...module, content: Buffer.from(text.replaceAll(jsonArgsMark, argsJson), 'utf8') }
}

/** Python runs a zip file whatever stands before it. */
function pythonStart(interpreter: string | undefined): string {
  if (interpreter !== undefined)
    return `#!/bin/sh\n${orNotFound(interpreter)}exec ${interpreter} "$0"\n`
  return `#!/bin/sh\n${findPython('exec "$python" "$0"')}`
}

function pythonThenRemove(interpreter: string | undefined, file: string): string {
  const run = (python: string) => `${python} "$0"; status=$?; rm -rf '${file}'; exit $status`
  if (interpreter !== undefined) return `#!/bin/sh\n${orNotFound(interpreter)}${run(interpreter)}\n`
  return `#!/bin/sh\n${findPython(run('"$python"'))}`
}

/** In the words that Ansible's own call of a shell gets, which do not depend on where the module lies. */
function orNotFound(interpreter: string): string {
  const program = interpreter.trim().split(/\s+/u)[0] ?? ''
  return `command -v ${program} >/dev/null 2>&1 || { echo '/bin/sh: 1: ${program}: not found' >&2; exit 127; }\n`
}

function findPython(then: string): string {
  return `for python in ${pythons.join(' ')}; do
  if command -v "$python" >/dev/null 2>&1; then ${then}; fi
done
echo 'this host has no Python, which the module needs: install python3, or name one in ansible_python_interpreter' >&2
exit 127
`
}

function unpackAndRun(firstByte: number): string {
  return `#!/bin/sh
umask 077
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
cat > "$folder/arguments" && tail -c +${String(firstByte).padStart(6, '0')} "$0" > "$folder/module" || exit 1
chmod 700 "$folder/module"
"$folder/module" "$folder/arguments"
exit
`
}

/** A first line that names some Python names the one that the host has. */
function withInterpreter(content: Uint8Array, interpreter: string | undefined): Uint8Array {
  const end = content.indexOf(10)
  const line = Buffer.from(content.subarray(0, Math.max(0, end))).toString('latin1')
  if (!/^#!.*\bpython[\d.]*\s*$/u.test(line)) return content
  const named = interpreter ?? '/usr/bin/env python3'
  return Buffer.concat([Buffer.from(`#!${named}`, 'utf8'), content.subarray(end)])
}
