import type { RunEvent } from '../../../../proto/run.ts'
import type { Printed, Renderer, RenderOptions } from '../renderer.ts'
import { ProfileTasks } from './profile-tasks.ts'
import { Timer } from './timer.ts'

/** Callbacks that say something beside the results, by the names that `callbacks_enabled` has for them. */
const besides: Readonly<Record<string, (options: RenderOptions) => Renderer>> = {
  timer: () => new Timer(),
  profile_tasks: (options) => new ProfileTasks(options),
}

/** What ansible.cfg enables says its own after each event, in that order. */
export function withCallbacks(renderer: Renderer, options: RenderOptions): Renderer {
  const names = new Set(options.display.callbacks)
  const all = [renderer, ...[...names].flatMap((name) => besides[name]?.(options) ?? [])]
  if (all.length === 1) return renderer
  return {
    render: (event: RunEvent): readonly Printed[] => all.flatMap((one) => one.render(event)),
  }
}
