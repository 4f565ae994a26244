/** Where something stands in a file. Line and column count from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}
