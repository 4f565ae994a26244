import type { Value, ValueMap } from '../../proto/value.ts'

/**
 * How the end of a job becomes the result of its module. It is data, so that it can be recorded beside the job: who goes on with a
 * run reads the end as the one would have who started it.
 */
export type Reading = HowRead & {
  /** How the module was called, for results that tell it. */
  readonly invocation?: ValueMap
}

type HowRead =
  /** A step that nobody reads as a result. */
  | { readonly kind: 'nothing' }
  | ProgramReading
  /** The JSON object that one of the agent's operations prints. */
  | { readonly kind: 'operation'; readonly operation: string }
  /** All output as it came. */
  | { readonly kind: 'low_level' }
  | { readonly kind: 'script'; readonly creates: string; readonly removes: string }
  /** What an installed module prints; `notes` are warnings that go with it. */
  | { readonly kind: 'installed'; readonly notes: readonly string[] }
  | FileReading
  /** A job that another run started, of which only its name and output are known. */
  | { readonly kind: 'foreign'; readonly name: string }

/** command and shell. */
export interface ProgramReading {
  readonly kind: 'program'
  /** The result's `cmd`: a list, or text for shell. */
  readonly cmd: Value
  readonly isStripped: boolean
  readonly checkMode: boolean
}

/** A file that was to be there with its content. */
export interface FileReading {
  readonly kind: 'file'
  readonly operation: 'file' | 'copy'
  readonly checksum: string
  readonly dest: string
  /** What a difference calls its new side. */
  readonly shownAs: string
  readonly checkMode: boolean
}
