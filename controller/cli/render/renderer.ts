import type { DisplaySettings, RunEvent } from '../../../proto/run.ts'

/** Turns a run's events into text, in order. It depends on nothing but the events and its options. */
export interface Renderer {
  render(event: RunEvent): readonly Printed[]
}

/** Text for one of the two streams, line ends included. */
export interface Printed {
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
}

export interface RenderOptions {
  readonly runId: string
  /** Of the terminal; 79 where there is none. */
  readonly columns: number
  readonly hasColour: boolean
  /** The number of -v. */
  readonly verbosity: number
  readonly isCheck: boolean
  /** Whether the answer to a question stands on the screen, since it was typed there. */
  readonly isTyped: (questionId: string) => boolean
  readonly display: DisplaySettings
}

/** How Ansible shows results where nobody says otherwise. */
export const defaultDisplay: DisplaySettings = {
  callback: 'default',
  resultFormat: 'json',
  skippedHosts: true,
  okHosts: true,
  failedOnStderr: false,
  customStats: false,
  taskPathOnFailure: false,
  checkModeMarkers: false,
}
