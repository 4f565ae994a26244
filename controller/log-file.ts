import { renameSync, statSync } from 'node:fs'
import { pino, type Logger } from 'pino'

/** A log that is closed by who opened it. */
export interface LogFile extends Disposable {
  readonly log: Logger
  /** Starts a new file, keeping one old one, when the file has grown past its size. Called now and then. */
  rotate(): void
}

export interface LogOptions {
  /** Absent: standard error. */
  readonly file: string | undefined
  readonly level: string
  /** When a new file is started. Default 10 MB. */
  readonly maxBytes?: number
}

/** Opens the controller's log: JSON lines, readable by its owner only. */
export function openLog({ file, level, maxBytes = 10_000_000 }: LogOptions): LogFile {
  const destination = pino.destination({ dest: file ?? 2, sync: true, mode: 0o600 })
  const log = pino({ level, base: { pid: process.pid }, redact: secrets }, destination)
  return {
    log,
    rotate: () => {
      if (file === undefined || statSync(file).size < maxBytes) return
      renameSync(file, `${file}.1`)
      destination.reopen()
    },
    [Symbol.dispose]: () => {
      if (file !== undefined) destination.end()
    },
  }
}

/** Where a password could get into a line by mistake. */
const secrets = [
  'password',
  'becomePassword',
  'sshPassword',
  'passphrase',
  'vaultPasswords',
].flatMap((name) => [name, `*.${name}`, `*.*.${name}`])
