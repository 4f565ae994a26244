/** An operation as a process of its own: how the agent does one as another user, or with a time limit. */
import { accessSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { hasOperation, runOperation } from './operations/table.ts'
import { ErrandError } from '../proto/errors.ts'

export interface OperationProcess {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

/** Reads arguments as JSON from standard input, writes the result to standard output. */
export async function runOperationProcess(
  words: readonly string[],
  { environment, signal }: OperationProcess,
): Promise<number> {
  const [name = ''] = words
  if (!hasOperation(name))
    throw new ErrandError('unsupported', `this agent has no operation ${name}`)
  const argsJson = await text(process.stdin)
  // An upload for a job of another user has been laid where that user can read it, and is named by its path.
  const result = await runOperation(name, argsJson, {
    signal,
    environment,
    uploadPath: readablePath,
  })
  process.stdout.write(result)
  return 0
}

function readablePath(path: string): string | undefined {
  try {
    accessSync(path)
    return path
  } catch {
    return undefined
  }
}
