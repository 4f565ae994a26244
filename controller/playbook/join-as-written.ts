import { isAbsolute } from 'node:path'

/** Joins paths as Python does: `.` and `..` stay in what is shown, and what they mean is left to the system. */
export function joinAsWritten(...parts: readonly string[]): string {
  return parts.reduce((path, part) =>
    isAbsolute(part) ? part : path.endsWith('/') ? path + part : `${path}/${part}`,
  )
}
