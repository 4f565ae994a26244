import { isPythonErrno, pythonErrno } from '../jobs/find-program.ts'

/** What the system refused, as Python writes it and Ansible shows it: `[Errno 2] No such file or directory: b'x'`. */
export function pythonError(error: unknown): string {
  const { code, message, path } = error as NodeJS.ErrnoException
  if (code === undefined || path === undefined || !isPythonErrno(code)) return message
  return pythonErrno(code, path)
}
