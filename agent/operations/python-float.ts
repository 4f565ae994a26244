/**
 * A number that Python has as a float: in JSON a whole one must be written `2.0`, or the other side takes it for an
 * integer. It travels through JSON.stringify as a marked text, unmarked in the end.
 */
export class PythonFloat {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }

  toJSON(): number | string {
    return Number.isInteger(this.value) ? `${mark}${this.value}.0` : this.value
  }
}

const mark = '\u0000float:'

/** JSON text with Python's floats as Python writes them. */
export function jsonWithFloats(value: unknown): string {
  return JSON.stringify(value).replace(/"\\u0000float:(-?\d+\.0)"/gu, '$1')
}
