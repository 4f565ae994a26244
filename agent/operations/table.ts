import { ErrandError } from '../../proto/errors.ts'
import { resultOf, type Operation, type OperationContext } from './operation.ts'
import { copy } from './copy.ts'
import { file } from './file.ts'
import { ping } from './ping.ts'
import { setup } from './setup.ts'
import { slurp } from './slurp.ts'
import { stat } from './stat.ts'
import { waitFor } from './wait-for.ts'

/** A new operation is one file and one row here. */
const operations: Readonly<Record<string, Operation>> = {
  copy,
  file,
  ping,
  setup,
  slurp,
  stat,
  wait_for: waitFor,
}

/** Whether the agent can do it. */
export function hasOperation(name: string): boolean {
  return Object.hasOwn(operations, name)
}

/** Runs an operation by its name; see {@link resultOf}. */
export async function runOperation(
  name: string,
  argsJson: string,
  context: OperationContext,
): Promise<string> {
  const operation = hasOperation(name) ? operations[name] : undefined
  if (!operation) throw new ErrandError('unsupported', `this agent has no operation ${name}`)
  return await resultOf(operation, argsJson, context)
}
