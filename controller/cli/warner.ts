import type { CommandContext } from './context.ts'
import { Screen } from './render/screen.ts'

/** Says warnings before there is a run that tells them. */
export function warner({
  config,
  terminal,
}: Pick<CommandContext, 'config' | 'terminal'>): (text: string) => Promise<void> {
  const screen = new Screen(config)
  return async (text) => {
    screen.warn(text)
    await terminal.print(screen.take())
  }
}
