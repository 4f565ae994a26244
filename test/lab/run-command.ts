import { spawn } from 'node:child_process'

/** How a program ended, and what it said. */
export interface CommandResult {
  /** Its exit code; 128 + the signal's number is not made up: a signal gives -1 and its name in `signal`. */
  readonly code: number
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** What a program is given. */
export interface CommandOptions {
  /** Its standard input. Default: empty. */
  readonly input?: string | Uint8Array
  /** Its whole environment. Default: ours. */
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  /** Ends the program (SIGKILL) when it aborts; the call then rejects with the reason. */
  readonly signal?: AbortSignal
}

/** Runs a program to its end. Rejects only when it could not be started or `signal` aborted. */
export async function runCommand(
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const [program, ...args] = argv
  if (program === undefined) throw new Error('runCommand: expected a program, got an empty list')
  const { input = '', ...rest } = options
  const child = spawn(program, args, { ...rest, killSignal: 'SIGKILL', stdio: 'pipe' })
  child.stdin.on('error', () => {}) // a program may end without reading: its result tells
  child.stdin.end(input)
  const ended = new Promise<Pick<CommandResult, 'code' | 'signal'>>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code: code ?? -1, signal }))
  })
  const [end, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  return { ...end, stdout, stderr }
}

/** Runs a program that must succeed, and returns its standard output. */
export async function runOrFail(
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const result = await runCommand(argv, options)
  if (result.code === 0) return result.stdout
  throw new Error(`${argv.join(' ')} ended with ${result.code}: ${result.stderr || result.stdout}`)
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  let all = ''
  stream.setEncoding('utf8')
  for await (const part of stream) all += String(part)
  return all
}
