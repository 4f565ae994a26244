import type { CommandContext } from '../context.ts'

/** What the commands of the program are given. */
export interface Wiring {
  readonly argv: readonly string[]
  readonly context: CommandContext
  /** Called once, with the exit code. */
  readonly done: (exitCode: number) => void
}
