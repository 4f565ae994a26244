import type { RunEvent } from '../../../../proto/run.ts'
import type { Printed, Renderer } from '../renderer.ts'

/** Says after the recap how long the playbook took, as the callback `timer` of ansible.posix does. */
export class Timer implements Renderer {
  #startedAtMs: number | undefined

  render({ atMs, body }: RunEvent): readonly Printed[] {
    this.#startedAtMs ??= atMs
    return body.kind === 'stats' ? [line(tookText(atMs - this.#startedAtMs))] : []
  }
}

function line(text: string): Printed {
  return { stream: 'stdout', text: `${text}\n` }
}

function tookText(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const days = Math.floor(seconds / 86_400)
  const hours = Math.floor(seconds / 3600) % 24
  const minutes = Math.floor(seconds / 60) % 60
  return `Playbook run took ${days} days, ${hours} hours, ${minutes} minutes, ${seconds % 60} seconds`
}
