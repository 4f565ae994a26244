import { pino, type Logger } from 'pino'

/** The agent's log: JSON lines to a file, or to standard error. */
export function openLog({
  logFile,
  logLevel,
}: {
  readonly logFile: string
  readonly logLevel: string
}): Logger {
  const destination = pino.destination({
    dest: logFile === '' ? 2 : logFile,
    sync: true,
    mode: 0o600,
  })
  destination.on('error', () => undefined) // a full disk takes no log, which must end nobody
  return pino(
    { level: logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    destination,
  )
}
