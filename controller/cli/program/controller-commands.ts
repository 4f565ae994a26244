import type { Command } from 'commander'
import type { Wiring } from './wiring.ts'

/** The controller itself: `controller`, `controller status`, `controller stop`. */
export function addControllerCommands(program: Command, { context, done }: Wiring): void {
  const controller = program
    .command('controller')
    .description('serve in the foreground')
    .action(async () => {
      const { serveInForeground } = await import('../commands/controller.ts')
      done(await serveInForeground(context))
    })
  controller
    .command('status')
    .description('say whether a controller is running, and what it does')
    .option('--json', 'print a JSON object')
    .action(async (flags: { json?: true }) => {
      const { showControllerStatus } = await import('../commands/controller.ts')
      done(await showControllerStatus(flags, context))
    })
  controller
    .command('repair')
    .description('look through the whole record; save what can be read of a damaged one')
    .action(async () => {
      const { repairRecord } = await import('../commands/controller.ts')
      done(await repairRecord(context))
    })
  controller
    .command('stop')
    .description('ask the controller to leave')
    .action(async () => {
      const { stopController } = await import('../commands/controller.ts')
      done(await stopController(context))
    })
}
